import { randomInt } from 'node:crypto'

const qualities =
  'able amber autumn bold brave bright brisk calm candid civil clear clever coastal copper coral crisp dapper daring ' +
  'deep deft eager early easy fabled fair fleet fond frank fresh gentle glad golden good grand green happy hardy hazel ' +
  'honest humble ivory jolly keen kind lively loyal lucid lucky merry mild misty modest neat nimble noble northern ' +
  'olive opal pearl plain polite prime proud pure quick quiet rapid ready royal ruby rustic sage scarlet serene sharp ' +
  'silent silver simple sleek smooth snowy solar solid southern spry steady still stout sunny sure swift tender tidy ' +
  'true upbeat valiant velvet vivid warm wise witty young'

const things =
  'acorn anchor apple arch aspen badger bay beacon birch bird bloom breeze bridge brook canyon cedar chestnut cliff ' +
  'cloud clover comet cove crane creek dawn delta dove dune eagle elm ember falcon fern field finch fjord forest fox ' +
  'garden glade grove harbor hare hawk heron hill island jay kestrel lagoon lake lantern lark laurel leaf lily lynx ' +
  'maple marsh meadow moon moss oak ocean orchard otter owl path peak pebble pine planet plum pond poplar prairie ' +
  'quail rain raven reef ridge river robin rowan sail shore sparrow spring spruce star stone stream summit swan thicket ' +
  'tide trail tulip valley wave willow wind wren'

/** Two random words joined by a hyphen, as tenants are called before someone names them: `quiet-harbor`. */
export function twoWords(): string {
  return `${pick(qualities)}-${pick(things)}`
}

function pick(list: string): string {
  const words = list.split(' ')
  return words[randomInt(words.length)] as string
}
