import type { Shop } from '../order-and-product.ts'

/** Changes of state in the tables, such as `confirmed > cancelled`; `none` before a row exists. */
export type Transitions = Readonly<Record<'orders' | 'reservations' | 'claims', string[]>>

/** Records every change of a state by any statement, with triggers. */
export const watchTransitions = async ({ sql }: Shop): Promise<void> => {
  await sql.unsafe(`
    create table transitions (kind text, change text, primary key (kind, change));

    create function note_state() returns trigger security definer as $$
    begin
      insert into public.transitions
      values (tg_argv[0], coalesce(to_jsonb(old) ->> tg_argv[1], 'none') || ' > ' || (to_jsonb(new) ->> tg_argv[1]))
      on conflict do nothing;
      return null;
    end $$ language plpgsql;

    create function claim_state(claim orders.claims) returns text as $$
      select case
        when claim is null then 'none'
        when claim.answer is not null then 'answered'
        when claim.lease_until > clock_timestamp() then 'leased'
        else 'open'
      end
    $$ language sql;

    create function note_claim() returns trigger security definer as $$
    begin
      insert into public.transitions
      values ('claims', public.claim_state(old) || ' > ' || public.claim_state(new))
      on conflict do nothing;
      return null;
    end $$ language plpgsql;

    create trigger note after insert or update on orders.orders
    for each row execute function note_state('orders', 'status');
    create trigger note after insert or update on product.reservations
    for each row execute function note_state('reservations', 'state');
    create trigger note after insert or update on orders.claims
    for each row execute function note_claim();`)
}

export const seenTransitions = async ({ sql }: Shop): Promise<Transitions> => {
  const rows = await sql<{ kind: string; change: string }[]>`
    select kind, change from transitions
    where split_part(change, ' > ', 1) <> split_part(change, ' > ', 2)
    order by change`
  const of = (kind: string) => rows.filter((row) => row.kind === kind).map(({ change }) => change)
  return { orders: of('orders'), reservations: of('reservations'), claims: of('claims') }
}

/** All transitions that the table allows, in the same format. */
export const allowedBy = (table: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(table)
    .flatMap(([before, following]) => following.map((after) => `${before} > ${after}`))
    .sort()
