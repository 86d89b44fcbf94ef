import { bytesToText } from '../std/base64url.ts'
import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { errorAnswer } from './answers.ts'
import { isOwnForm } from './page.ts'

const bodyLimit = 32 * 1024

/** The fields of a form that a page of ours sent, or the answer that refuses it. */
export async function readForm(request: LightRequest, origin: string): Promise<URLSearchParams | LightResponse> {
  if (!isOwnForm(request, origin)) {
    return errorAnswer({ status: 403, message: 'This form may only be sent from the page it belongs to.' })
  }
  if (!request.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return errorAnswer({ status: 415, message: 'Expected application/x-www-form-urlencoded.' })
  }
  return new URLSearchParams(bytesToText(await request.body(bodyLimit)) ?? '')
}
