-- name: DealGet :one
select *
from deal_cards
where id = @id;
