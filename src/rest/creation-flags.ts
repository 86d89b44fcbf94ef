import type { CreateOptions } from '../core/context.ts'
import { refuse } from '../schema/problems.ts'
import type { CreationFlag, Resource } from '../schema/resource.ts'
import { type Call, flagOf, paramOf } from './call.ts'

/**
 * The query parameters a creation understands (contract/rest.md 4, 8, 9.3); others are ignored, as on every request
 * that is no search.
 *
 * @throws Problem queryValueInvalid | queryRepeated | importedPasswordUnsupported
 */
export function parseCreationFlags(call: Pick<Call, 'params'>, { creationFlags = [] }: Resource): CreateOptions {
  const options: CreateOptions = {}
  if (call.params.length > 0) for (const flag of creationFlags) Object.assign(options, parsers[flag](call))
  return options
}

const parsers: Record<CreationFlag, (call: Pick<Call, 'params'>) => CreateOptions> = {
  createDirectory(call) {
    const text = paramOf(call, 'createDirectory')
    const word = text?.toLowerCase()
    if (text === undefined || word === 'false') return {}
    if (word === 'true') return { createDirectory: true }
    if (text.trim() === '' || text.length > 255) {
      refuse('queryValueInvalid', {
        parameter: 'createDirectory',
        reason: "must be 'true' or a name of 1 to 255 characters",
      })
    }
    return { createDirectory: text }
  },

  registrationWorkflowEnabled(call) {
    const enabled = flagOf(call, 'registrationWorkflowEnabled')
    return enabled === undefined ? {} : { registrationWorkflowEnabled: enabled }
  },

  existing(call) {
    const wanted = paramOf(call, 'existing')?.toLowerCase()
    if (wanted === undefined || wanted === 'refuse') return {}
    return wanted === 'notify'
      ? { existing: 'notify' }
      : refuse('queryValueInvalid', { parameter: 'existing', reason: "must be 'notify' or 'refuse'" })
  },

  passwordFormat(call) {
    const format = paramOf(call, 'passwordFormat')
    if (format === undefined) return {}
    return format.toLowerCase() === 'mcf' ? { passwordFormat: 'mcf' } : refuse('importedPasswordUnsupported', {})
  },
}
