/**
 * The only script of the pages, and nothing depends on it: passwords can be shown, a bar tells how far a new one is from
 * its least length, and a form is sent once however often its button is pressed.
 */
export const script = `
for (const button of document.querySelectorAll('.reveal')) {
  const input = document.getElementById(button.getAttribute('aria-controls'))
  const show = (shown) => {
    input.type = shown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(shown))
  }
  button.addEventListener('click', () => show(input.type === 'password'))
  input.form.addEventListener('submit', () => show(false))
  button.hidden = false
}
for (const input of document.querySelectorAll('input[autocomplete=new-password][minlength]')) {
  const meter = document.createElement('span')
  const bar = document.createElement('span')
  meter.className = 'meter'
  meter.append(bar)
  meter.hidden = true
  input.parentElement.after(meter)
  input.addEventListener('input', () => {
    const share = Math.min(1, input.value.length / input.minLength)
    meter.hidden = share === 0
    bar.style.transform = 'scaleX(' + share + ')'
  })
}
const buttons = (form) => form.querySelectorAll('[type=submit]')
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'true'
    for (const button of buttons(form)) button.setAttribute('aria-busy', 'true')
  })
}
addEventListener('pageshow', () => {
  for (const form of document.forms) {
    delete form.dataset.sent
    for (const button of buttons(form)) button.removeAttribute('aria-busy')
  }
})
`
