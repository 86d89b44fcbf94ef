import { generateKey } from '../../crypto/key-ring.ts'
import { print } from '../print.ts'

/** `latchkey key generate` */
export async function generate(): Promise<void> {
  print(generateKey())
}
