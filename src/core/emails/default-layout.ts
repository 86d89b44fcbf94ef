/** What one default mail says; texts may hold macros. */
export interface Wording {
  title: string
  paragraphs: readonly string[]
  /** The words on the button; it leads to `$!{url}`. */
  button?: string
  /** Small print at the end. */
  notes: readonly string[]
}

/** The plain text of a mail. */
export function textOf({ title, paragraphs, button, notes }: Wording): string {
  const lines = [title, ...paragraphs, ...(button ? [`${button}:\n$!{url}`] : []), '-- ', ...notes]
  return `${lines.join('\n\n').replace('-- \n\n', '-- \n')}\n`
}

/** The HTML of a mail: a table that holds on phones and in old mail programs, light and dark, without pictures. */
export function htmlOf({ title, paragraphs, button, notes }: Wording): string {
  const text = paragraphs.map((each) => `<p style="margin:0 0 16px">${each}</p>`).join('\n')
  const link = button
    ? `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 24px"><tr><td class="b" style="border-radius:8px;background:#2454d6"><a class="b" href="$!{url}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#2454d6;color:#ffffff;font-weight:600;text-decoration:none">${button}</a></td></tr></table>
<p class="s" style="margin:0 0 16px;font-size:14px;color:#566072">If the button does nothing, open this address:<br><a class="l" href="$!{url}" style="color:#2454d6;word-break:break-all">$!{url}</a></p>`
    : ''
  const small = notes.map((each) => `<p class="s" style="margin:0 0 8px;font-size:13px;color:#566072">${each}</p>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>
@media (prefers-color-scheme: dark) {
  .g { background: #11151c !important } .p { background: #1a1f29 !important; color: #e9ecf2 !important }
  .s { color: #a7b0c0 !important } .l { color: #8fb0ff !important }
  .b { background: #8fb0ff !important; color: #0c1530 !important } hr { border-color: #39414f !important }
}
</style>
</head>
<body class="g" style="margin:0;padding:0;background:#f3f4f7">
<table role="presentation" class="g" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="p" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;border-radius:12px;background:#ffffff;color:#1d2430;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"><tr><td style="padding:32px 28px">
<p class="s" style="margin:0 0 20px;font-size:14px;font-weight:600;color:#566072">$!{application.name}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${title}</h1>
${text}
${link}
<hr style="margin:24px 0 16px;border:0;border-top:1px solid #dfe3ea">
${small.join('\n')}
</td></tr></table>
</td></tr></table>
</body>
</html>
`
}
