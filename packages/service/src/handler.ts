import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify'

/** The members of a generated operation type that handlers need. */
type OperationTypes = {
  parameters: { query?: unknown; path?: unknown; header?: unknown }
  requestBody?: { content: { 'application/json': unknown } } | undefined
  responses: object
}

type BodyOf<Types> = Types extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : Types extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Body | null
    : undefined

type AnswerOf<Responses> = {
  [Status in keyof Responses]: Status extends 200 | 201 | 202
    ? Responses[Status] extends { content: { 'application/json': infer Body } }
      ? Body
      : never
    : never
}[keyof Responses]

/** Serialization formats dates, so a handler may return a Date or text. */
export type Serializable<Body> = Body extends string
  ? string extends Body
    ? string | Date
    : Body
  : Body extends object
    ? { [Key in keyof Body]: Serializable<Body[Key]> }
    : Body

export interface RequestOf<Types extends OperationTypes> extends RouteGenericInterface {
  Params: NonNullable<Types['parameters']['path']>
  Querystring: NonNullable<Types['parameters']['query']>
  Headers: {
    [Name in keyof NonNullable<Types['parameters']['header']> as Lowercase<
      Name & string
    >]: NonNullable<Types['parameters']['header']>[Name]
  }
  Body: BodyOf<Types>
}

/** A handler of one operation. Its request and response types come from the contract. */
export type Handler<Types extends OperationTypes> = (
  request: FastifyRequest<RequestOf<Types>>,
  reply: FastifyReply,
) => Promise<Serializable<AnswerOf<Types['responses']>>>
