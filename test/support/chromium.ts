import { type Browser, chromium } from 'playwright-core'
import { canInstall, findOnPath, install, isExecutable } from './debian.ts'

const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

async function find(): Promise<string | undefined> {
  const found = await findOnPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
  if (found) return found
  for (const place of places) if (await isExecutable(place)) return place
  return undefined
}

/** Installs Chromium where it is missing and we may; elsewhere only the tests in a browser fail, and say what to do. */
export async function provideChromium(): Promise<void> {
  if ((await find()) === undefined && (await canInstall())) await install('chromium', 'Chromium')
}

/** A headless Chromium. Whoever starts it closes it. */
export async function startChromium(): Promise<Browser> {
  const executablePath = await find()
  if (executablePath === undefined) {
    throw new Error(
      'The tests of pages need Chromium, and there is none on PATH. npm test installs it on Debian when it runs as ' +
        'root; otherwise install it (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium).',
    )
  }
  // Chromium refuses its sandbox to root
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args })
}
