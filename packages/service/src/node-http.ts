/**
 * Node's module `http`. To import it would read all that it exports, and so load Node's own fetch and
 * HTTP/2: 60 ms of CPU time in each start of a process.
 */
export const http = process.getBuiltinModule('node:http')
