import type { Entity } from '../../resources/registry.ts'
import { randomText } from '../../std/id.ts'
import type { Services } from '../context.ts'

const firsts =
  'amber blue brave bright calm clever cosy crisp eager early fair fresh gentle glad golden grand green happy honest jolly keen kind light lively lucky merry mild neat noble quick quiet rapid ready sharp silver smart snowy steady sunny swift tidy warm wise young'.split(
    ' ',
  )
const seconds =
  'badger beacon birch brook cedar cliff cloud comet coral crane delta ember falcon fern field finch forest garden glade harbor heron hill island lake lantern lark maple meadow moon oak otter pebble pine planet prairie raven reef river robin shore sparrow stone summit valley willow'.split(
    ' ',
  )
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A name for a new application in addresses: two words, and enough besides that nobody else has it. */
export function generateLabel(): string {
  const pick = (words: readonly string[]) => words[Math.floor(Math.random() * words.length)] as string
  return `${pick(firsts)}-${pick(seconds)}-${randomText(letters, 6)}`
}

/** The host of an application's Client API; undefined where it has none. */
export function domainNameOf(
  { appsDomain }: Pick<Services, 'appsDomain'>,
  { dnsLabel }: Pick<Entity<'webConfig'>, 'dnsLabel'>,
): string | undefined {
  return dnsLabel === null ? undefined : `${dnsLabel}.${appsDomain}`
}
