import { expect, test } from 'vitest'
import { type Body, describeConformance, expectError, type Json, namesOf, type Service, unique } from './harness.ts'

describeConformance('Search', (service) => {
  test('REST-C4 q finds text inside any searchable attribute, in any case', async () => {
    const directory = await people(service(), {
      username: { username: 'needle-user' },
      email: { email: 'some-NEEDLE@example.com' },
      givenName: { givenName: 'Needle' },
      middleName: { middleName: 'the needles' },
      surname: { surname: 'McNeedle' },
      none: { givenName: 'Hay', surname: 'Stack' },
    })
    const found = await names(directory, 'q=nEEdLe')
    expect(found.toSorted()).toEqual(['email', 'givenName', 'middleName', 'surname', 'username'])
  })

  test.each(['applications', 'directories', 'groups', 'organizations'])(
    'REST-C4 q finds %s by name and description',
    async (kind) => {
      const word = unique('haystack')
      const creator = {
        applications: 'newApplication',
        directories: 'newDirectory',
        organizations: 'newOrganization',
      } as const
      const make = async (values: Body) =>
        kind === 'groups'
          ? service().newGroup(await service().newDirectory(), values)
          : service()[creator[kind as keyof typeof creator]](values)
      await make({ name: `By name ${word}` })
      await make({ name: unique('By description'), description: `xx${word}xx` })
      await make({ name: unique('Neither') })
      const found = await service().read(`${service().tenant[kind].href}?q=${word.toUpperCase()}`)
      expect(found.size).toBe(2)
    },
  )

  test.each(['%', '_', '*', '\\', "'", '"', 'a%b', '$', '.*'])('REST-C4 q takes %j literally', async (text) => {
    const directory = await service().newDirectory()
    await service().newGroup(directory, { name: `x${text}y` })
    await service().newGroup(directory, { name: 'plain' })
    const { href } = directory.groups
    expect(namesOf(await service().read(`${href}?q=${encodeURIComponent(text)}`))).toEqual([`x${text}y`])
  })

  test('REST-C5 TRAP-T27 an attribute is matched as a whole, at its start, at its end or inside, in any case', async () => {
    const directory = await groupsNamed(service(), 'Joe', 'Joey', 'Billy Joe', 'A joe too', 'Jane')
    const find = async (name: string) =>
      namesOf(await service().read(`${directory.groups.href}?name=${encodeURIComponent(name)}`))
    expect(await find('joe')).toEqual(['Joe'])
    expect(await find('JOE*')).toEqual(['Joe', 'Joey'])
    expect(await find('*jOe')).toEqual(['Joe', 'Billy Joe'])
    expect(await find('*joe*')).toEqual(['Joe', 'Joey', 'Billy Joe', 'A joe too'])
    expect(await find('jo')).toEqual([])
    expect(await find('*')).toEqual(['Joe', 'Joey', 'Billy Joe', 'A joe too', 'Jane'])
  })

  test('REST-C5 TRAP-T27 an asterisk in the middle has no special meaning', async () => {
    const directory = await groupsNamed(service(), 'a*b', 'axb')
    expect(namesOf(await service().read(`${directory.groups.href}?name=a*b`))).toEqual(['a*b'])
  })

  test.each([
    ['ÉCOLE', 'école'],
    ['straße', 'STRASSE'],
    ['Ωμέγας', 'ωμέγασ'],
    ['ﬁne', 'FINE'],
  ])('REST-C5 %s is found as %s', async (name, search) => {
    const directory = await groupsNamed(service(), name, 'other')
    expect(namesOf(await service().read(`${directory.groups.href}?name=${encodeURIComponent(search)}`))).toEqual([name])
    expect(namesOf(await service().read(`${directory.groups.href}?q=${encodeURIComponent(search)}`))).toEqual([name])
  })

  test.each(['%', '_', "'", '\\', '50%_off'])('REST-C5 %j in a value is literal', async (text) => {
    const directory = await groupsNamed(service(), `x${text}y`, 'xzy', 'xzzzzzzy')
    const href = `${directory.groups.href}?name=${encodeURIComponent(`x${text}`)}`
    expect(namesOf(await service().read(`${href}*`))).toEqual([`x${text}y`])
    expect(namesOf(await service().read(`${href}y`))).toEqual([`x${text}y`])
  })

  test('REST-C5 spaces may be sent as + or %20', async () => {
    const directory = await groupsNamed(service(), 'two words')
    expect((await service().read(`${directory.groups.href}?name=two%20words`)).size).toBe(1)
    expect((await service().read(`${directory.groups.href}?name=two+words`)).size).toBe(1)
  })

  test.each(['givenName', 'middleName', 'surname', 'username', 'email'])(
    'REST-C5 accounts can be searched by %s',
    async (attribute) => {
      const directory = await people(service(), { wanted: { [attribute]: 'Unicorn@example.com' }, other: {} })
      expect(await names(directory, `${attribute}=unicorn@EXAMPLE.com`)).toEqual(['wanted'])
      expect(await names(directory, `${attribute}=unicorn*`)).toEqual(['wanted'])
      expect(await names(directory, `${attribute}=*nicorn@example*`)).toEqual(['wanted'])
    },
  )

  test('REST-C5 organizations can be searched by nameKey', async () => {
    const { nameKey } = await service().newOrganization()
    const found = await service().read(`${service().tenant.organizations.href}?nameKey=${nameKey.toUpperCase()}`)
    expect(found.size).toBe(1)
  })

  test('REST-C6 several criteria and q hold together', async () => {
    const directory = await people(service(), {
      both: { givenName: 'Anna', surname: 'Smith' },
      first: { givenName: 'Anna', surname: 'Jones' },
      second: { givenName: 'Bert', surname: 'Smith' },
    })
    expect(await names(directory, 'givenName=anna&surname=smith')).toEqual(['both'])
    expect(await names(directory, 'givenName=anna&q=smi')).toEqual(['both'])
    expect(await names(directory, 'givenName=anna&surname=smith&q=jones')).toEqual([])
  })

  test('REST-C6 TRAP-T27 a status is matched in any case but only as a whole', async () => {
    const directory = await people(service(), { off: { status: 'DISABLED' }, on: {} })
    expect(await names(directory, 'status=disabled')).toEqual(['off'])
    expect(await names(directory, 'status=ENABLED')).toEqual(['on'])
    for (const fragment of ['ABLED', 'DIS*', '*ABLED*', '*']) {
      const { status, body } = await service().get(`${directory.accounts.href}?status=${fragment}`)
      expect(status === 200 ? body.items : []).toEqual([])
    }
  })

  test('REST-C6 q does not find a status', async () => {
    const directory = await people(service(), { off: { status: 'DISABLED' }, on: {} })
    expect(await names(directory, 'q=ABLED')).toEqual([])
  })

  test.each([
    ['=x', 2100],
    ['name=%ZZ', 2100],
    ['name=', 2101],
    ['name=a&name=b', 2102],
  ])('REST-C6 the criteria %s are malformed', async (query, code) => {
    expectError(await service().get(`/directories?${query}`), 400, code)
  })

  test('REST-C7 a range of moments has inclusive, exclusive or open ends', async () => {
    const { directory, at } = await oneADay(service())
    const find = (range: string) => names(directory, `createdAt=${encodeURIComponent(range)}`)
    expect(await find(`[${at[1]},${at[3]}]`)).toEqual(['1', '2', '3'])
    expect(await find(`(${at[1]},${at[3]})`)).toEqual(['2'])
    expect(await find(`[${at[1]},${at[3]})`)).toEqual(['1', '2'])
    expect(await find(`(${at[1]},${at[3]}]`)).toEqual(['2', '3'])
    expect(await find(`[${at[1]}, ${at[3]}]`)).toEqual(['1', '2', '3'])
    expect(await find(`[${at[3]},]`)).toEqual(['3', '4'])
    expect(await find(`[,${at[1]}]`)).toEqual(['0', '1'])
    expect(await find(`(,${at[1]})`)).toEqual(['0'])
  })

  test('REST-C8 TRAP-T27 a bound may be less precise: it means the start of its year, month, day, hour, minute or second', async () => {
    const { directory, at } = await oneADay(service())
    const find = (range: string) => names(directory, `createdAt=${encodeURIComponent(range)}`)
    const [year, month, day, hour, minute, second] = [4, 7, 10, 13, 16, 19].map((length) => at[2]?.slice(0, length))
    expect(await find(`[${day},]`)).toEqual(['2', '3', '4'])
    expect(await find(`[,${day}]`)).toEqual(['0', '1'])
    expect(await find(`[${hour},]`)).toEqual(['2', '3', '4'])
    expect(await find(`[${minute}Z,]`)).toEqual(['2', '3', '4'])
    expect(await find(`[,${second}Z]`)).toEqual(['0', '1'])
    expect(await find(`[${month},]`)).toEqual(['0', '1', '2', '3', '4'])
    expect(await find(`[${Number(year) + 1},]`)).toEqual([])
  })

  test('REST-C8 a value without brackets means everything in its year, month, day, hour, minute, second or millisecond', async () => {
    const { directory, at } = await oneADay(service())
    const moment = at[2] as string
    for (const [length, found] of [
      [4, ['0', '1', '2', '3', '4']],
      [7, ['0', '1', '2', '3', '4']],
      [10, ['2']],
      [13, ['2']],
      [16, ['2']],
      [19, ['2']],
      [24, ['2']],
    ] as const) {
      expect(await names(directory, `createdAt=${moment.slice(0, length)}`), moment.slice(0, length)).toEqual(found)
    }
    expect(await names(directory, 'createdAt=2014')).toEqual([])
  })

  test('REST-C9 accounts can be searched by passwordModifiedAt', async () => {
    const { directory, at, accounts } = await oneADay(service())
    await service().update(accounts[0].href, { password: 'Another-Kettle-99' })
    const now = new Date(service().clock.now()).toISOString()
    expect(await names(directory, `passwordModifiedAt=[${at[4]},]`)).toEqual(['0', '4'])
    expect(await names(directory, `passwordModifiedAt=${now.slice(0, 10)}`)).toEqual(['0'])
    expect(await names(directory, `createdAt=${now.slice(0, 10)}`)).toEqual([])
  })

  test('REST-C9 modifiedAt can be searched', async () => {
    const { directory, accounts } = await oneADay(service())
    await service().update(accounts[1].href, { middleName: 'changed' })
    const today = new Date(service().clock.now()).toISOString().slice(0, 10)
    expect(await names(directory, `modifiedAt=${today}`)).toEqual(['1'])
  })

  test.each(['yesterday', '[2015-13-45,]', '[2015', '2015-02-30', '[a,b]', '2015-1-1', '[2015-01-01]', '(,)x'])(
    'REST-C10 the moment %s is no moment',
    async (value) => {
      expectError(await service().get(`/directories?createdAt=${encodeURIComponent(value)}`), 400, 2103)
    },
  )

  test('REST-C10 a range that ends before it starts is refused', async () => {
    expectError(await service().get('/directories?createdAt=[2016,2015]'), 400, 2108)
    expectError(await service().get('/directories?modifiedAt=[2015-02-02,2015-02-01]'), 400, 2108)
  })

  async function names(directory: Json, query: string): Promise<string[]> {
    return (await service().read(`${directory.accounts.href}?${query}`)).items.map(label)
  }
})

describeConformance('Search in custom data', (service) => {
  test('REST-C11 accounts of a directory and of the tenant are found by custom data', async () => {
    const mark = unique('mark')
    const directory = await people(service(), {
      red: { customData: { color: 'Red', mark } },
      darkRed: { customData: { color: 'dark red', mark } },
      redder: { customData: { color: 'redder', mark } },
      none: { customData: { mark } },
    })
    for (const { href } of [directory.accounts, service().tenant.accounts]) {
      const find = (color: string) =>
        names(href, `customData.mark=${mark}&customData.color=${encodeURIComponent(color)}`)
      expect(await find('RED')).toEqual(['red'])
      expect(await find('red*')).toEqual(['red', 'redder'])
      expect(await find('*red')).toEqual(['red', 'darkRed'])
      expect(await find('*RED*')).toEqual(['red', 'darkRed', 'redder'])
    }
  })

  test('REST-C11 custom data is searched under directories and the tenant only', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const group = await service().newGroup(directory)
    expectError(await service().get(`${application.accounts.href}?customData.a=1`), 400, 2105)
    expectError(await service().get(`${group.accounts.href}?customData.a=1`), 400, 2105)
    expectError(await service().get(`${directory.groups.href}?customData.a=1`), 400, 2105)
  })

  test('REST-C11 the index follows changes and deletions', async () => {
    const directory = await people(service(), { one: { customData: { plan: 'gold' } } })
    const account = (await service().read(directory.accounts.href)).items[0]
    const found = async (plan: string) =>
      (await service().read(`${directory.accounts.href}?customData.plan=${plan}`)).size
    expect(await found('gold')).toBe(1)
    await service().update(account.customData.href, { plan: 'lead' })
    expect([await found('gold'), await found('lead')]).toEqual([0, 1])
    await service().remove(`${account.customData.href}/plan`)
    expect(await found('lead')).toBe(0)
  })

  test('REST-C11 booleans and text are told apart from other keys of the same value', async () => {
    const directory = await people(service(), {
      yes: { customData: { active: true, other: 'x' } },
      no: { customData: { active: false, other: 'true' } },
    })
    expect(await names(directory.accounts.href, 'customData.active=true')).toEqual(['yes'])
  })

  test('REST-C12 nested keys are found', async () => {
    const directory = await people(service(), {
      deep: { customData: { a: { b: { c: 'treasure' } } } },
      shallow: { customData: { a: 'treasure', b: 'treasure', c: 'treasure' } },
    })
    expect(await names(directory.accounts.href, 'customData.a.b.c=treasure')).toEqual(['deep'])
    expect(await names(directory.accounts.href, 'customData.a.b.c=treas*')).toEqual(['deep'])
    expect(await names(directory.accounts.href, 'customData.a=treasure')).toEqual(['shallow'])
  })

  test('REST-C13 numbers are found exactly, by their first digits and in ranges', async () => {
    const directory = await people(service(), {
      ten: { customData: { score: 10 } },
      hundred: { customData: { score: 100 } },
      half: { customData: { score: 0.5 } },
      negative: { customData: { score: -7 } },
      thousand: { customData: { score: 1000 } },
    })
    const find = (score: string) => names(directory.accounts.href, `customData.score=${encodeURIComponent(score)}`)
    expect(await find('10')).toEqual(['ten'])
    expect(await find('1*')).toEqual(['ten', 'hundred', 'thousand'])
    expect(await find('[0,1000]')).toEqual(['ten', 'hundred', 'half', 'thousand'])
    expect(await find('(10,1000]')).toEqual(['hundred', 'thousand'])
    expect(await find('[10,1000)')).toEqual(['ten', 'hundred'])
    expect(await find('[0.01,999.99]')).toEqual(['ten', 'hundred', 'half'])
    expect(await find('[50,]')).toEqual(['hundred', 'thousand'])
    expect(await find('[,0]')).toEqual(['negative'])
    expect(await find('(0.5,]')).toEqual(['ten', 'hundred', 'thousand'])
  })

  test('REST-C14 TRAP-T27 texts that look like dates are found in ranges, and a bare value is only a text', async () => {
    const directory = await people(service(), {
      spring: { customData: { born: '2015-03-20' } },
      summer: { customData: { born: '2015-06-21T12:00:00.000Z' } },
      later: { customData: { born: '2016-01-01' } },
    })
    const find = (born: string) => names(directory.accounts.href, `customData.born=${encodeURIComponent(born)}`)
    expect(await find('[2015-01,2015-12-31]')).toEqual(['spring', 'summer'])
    expect(await find('[2015-06-21,]')).toEqual(['summer', 'later'])
    expect(await find('(2015-03-20,2016]')).toEqual(['summer', 'later'])
    expect(await find('2015')).toEqual([])
    expect(await find('2015*')).toEqual(['spring', 'summer'])
    expect(await find('2015-03-20')).toEqual(['spring'])
    expect(await find('[2015]')).toEqual(['spring', 'summer'])
  })

  test('REST-C14 a range that ends before it starts is refused', async () => {
    const { accounts } = await service().newDirectory()
    expectError(await service().get(`${accounts.href}?customData.score=[10,1]`), 400, 2108)
  })

  async function names(href: string, query: string): Promise<string[]> {
    return (await service().read(`${href}?${query}`)).items.map(label)
  }
})

/** What a test calls the accounts it made, by href. */
const labels = new Map<string, string>()
const label = ({ href }: Json) => labels.get(href)

/** A directory with one account for each label. */
async function people(service: Service, accounts: Record<string, Body>): Promise<Json> {
  const directory = await service.newDirectory()
  for (const [label, values] of Object.entries(accounts)) {
    labels.set((await service.newAccount(directory, values)).href, label)
  }
  return directory
}

async function groupsNamed(service: Service, ...names: string[]): Promise<Json> {
  const directory = await service.newDirectory()
  for (const name of names) await service.newGroup(directory, { name })
  return directory
}

/** Five accounts, made in five days of one month; the clock ends a day later. */
async function oneADay(service: Service): Promise<{ directory: Json; at: string[]; accounts: Json[] }> {
  const { clock } = service
  const now = new Date(clock.now())
  clock.set(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 9, 30, 15, 250))
  const directory = await service.newDirectory()
  const at = []
  const accounts = []
  for (let day = 0; day < 5; day++) {
    const account = await service.newAccount(directory)
    labels.set(account.href, String(day))
    accounts.push(account)
    at.push(account.createdAt)
    clock.advance(86_400_000)
  }
  return { directory, at, accounts }
}
