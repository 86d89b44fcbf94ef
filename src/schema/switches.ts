/** Switches by name, and groups of them; null where what holds follows from elsewhere. */
export interface Switches {
  readonly [name: string]: boolean | null | Switches
}

/** A tree with the places of another and values of its own. */
export type SwitchesLike<T> = {
  -readonly [K in keyof T]: T[K] extends boolean ? boolean : T[K] extends null ? boolean | null : SwitchesLike<T[K]>
}

/** A part of such a tree: what is left out stays as it is. */
export type SomeSwitches<T> = {
  -readonly [K in keyof T]?: T[K] extends boolean ? boolean : T[K] extends null ? boolean | null : SomeSwitches<T[K]>
}

/** `before` with the switches of `changes` in their places. */
export function mergeSwitches(before: Switches, changes: Switches): Switches {
  const merged: Record<string, Switches[string]> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    const known = merged[name]
    merged[name] = isGroup(value) && isGroup(known) ? mergeSwitches(known, value) : value
  }
  return merged
}

/** Whether it is a group, and no switch. */
export const isGroup = (value: Switches[string] | undefined): value is Switches =>
  typeof value === 'object' && value !== null
