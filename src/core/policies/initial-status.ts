import type { Entity } from '../../resources/registry.ts'

type Statuses = Pick<Entity<'account'>, 'status' | 'emailVerificationStatus'>

/**
 * The statuses of a new account (contract/rest.md 13.2). Where its directory asks for verification it is UNVERIFIED,
 * whatever was asked for, unless the creation leaves the workflow out; what is to be disabled stays disabled.
 *
 * @param wanted what the creation asks for, declared defaults for the rest
 */
export function initialStatuses(
  wanted: Statuses,
  policy: Pick<Entity<'accountCreationPolicy'>, 'verificationEmailStatus'>,
  { registrationWorkflowEnabled = true }: { registrationWorkflowEnabled?: boolean },
): Statuses {
  if (policy.verificationEmailStatus === 'DISABLED' || !registrationWorkflowEnabled) {
    return { status: wanted.status, emailVerificationStatus: wanted.emailVerificationStatus }
  }
  return {
    status: wanted.status === 'DISABLED' ? 'DISABLED' : 'UNVERIFIED',
    emailVerificationStatus: 'UNVERIFIED',
  }
}
