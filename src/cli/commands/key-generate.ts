import { generateKey } from '../../crypto/seal.ts'
import { print } from '../print.ts'

/** `latchkey key generate` */
export async function generate(): Promise<void> {
  print(generateKey())
}
