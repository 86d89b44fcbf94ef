/**
 * A site that has its users from the service by express-stormpath@3.2.0, unmodified. A process of its own, and CommonJS,
 * because that package looks for the main module of the process. Tells its parent its port when it is ready.
 */
const express = require('express')
const stormpath = require('express-stormpath')

const site = express()
const logger = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, () => {}]))
site.use(stormpath.init(site, { logger, ...JSON.parse(process.argv[2]) }))
const whoever = (request, response) => response.json({ hello: request.user?.email ?? null })
site.get('/', whoever)
site.get('/members', stormpath.loginRequired, whoever)
site.get('/admins', stormpath.groupsRequired(['admins']), whoever)
site.get('/api', stormpath.apiAuthenticationRequired, whoever)
site.on('stormpath.error', (error) => process.send({ error: String(error) }))
site.on('stormpath.ready', () => {
  const server = site.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
})
process.on('disconnect', () => process.exit())
