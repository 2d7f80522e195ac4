/** E1: generates the id of a new order. */
export type NewId = () => string

declare module 'fastify' {
  interface FastifyInstance {
    newId: NewId
  }
}
