// For `node --import`: says on the error stream where a program connects to beyond this machine.
import { Socket } from 'node:net'

const { connect } = Socket.prototype
Socket.prototype.connect = function report(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args
  const { host, path } = typeof options === 'object' && options !== null ? options : { host: args[1] }
  if (path === undefined && !['127.0.0.1', '::1', 'localhost', undefined].includes(host)) {
    process.stderr.write(`connects to ${host}\n`)
  }
  return connect.apply(this, args)
}
