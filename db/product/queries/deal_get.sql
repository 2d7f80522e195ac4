-- name: DealGet :one
select deal_cards.*, deal_status_at(closed_at, starts_at, ends_at, remaining_stock, now()) as status
from deal_cards
where id = @id;
