/** The member in which answers bring a ticket for the token endpoint; nothing where nobody asked for one. */
export function ticketMember(ticket: string | undefined): string {
  return ticket === undefined ? '' : `,"loginTicket":${JSON.stringify(ticket)}`
}
