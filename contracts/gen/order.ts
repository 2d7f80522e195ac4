// Generated from contracts/order.yaml. DO NOT EDIT.
export interface paths {
    "/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List one's own orders, newest first */
        get: operations["listMyOrders"];
        put?: never;
        /**
         * Buy
         * @description All lines or none. With an Idempotency-Key a repeated request gets the order that the first made, as it was then, and never a second one. A refused request may be repeated with the same key and body; it is decided anew. A key is kept for 24 hours after it was last used by an attempt; after that it makes a new order.
         */
        post: operations["createOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the order. */
                order_id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        /** Show an order */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{order_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the order. */
                order_id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description Its stock returns, once.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/orders/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what became of orders
         * @description An unknown id is stored as void before it is answered so, and can never become an order afterwards. Cancelled and rejected orders count as void.
         */
        post: operations["resolveOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Touches no dependency, and tells which variant of each scenario is on.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can the service do its work?
         * @description Asks every dependency.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        OrderStatus: "pending" | "confirmed" | "shipped" | "delivered" | "cancelled" | "rejected";
        /**
         * @description A sum of money, in the smallest unit of the currency.
         * @example 258000
         */
        Amount: number;
        /**
         * @example Ordered by mistake.
         * @example null
         */
        Reason: string | null;
        /** @example Mina Kim */
        RecipientName: string;
        /**
         * @description A Korean mobile number.
         * @example 010-1234-5678
         * @example 01012345678
         */
        Phone: string;
        /** @example 12 Sejong-daero, Jung-gu, Seoul */
        Address: string;
        /**
         * @example Room 304
         * @example null
         */
        AddressDetail: string | null;
        /** @example 04524 */
        PostalCode: string;
        NewShippingAddress: {
            recipient_name: components["schemas"]["RecipientName"];
            phone: components["schemas"]["Phone"];
            address: components["schemas"]["Address"];
            address_detail?: components["schemas"]["AddressDetail"];
            postal_code: components["schemas"]["PostalCode"];
        } | null;
        ShippingAddress: {
            recipient_name: components["schemas"]["RecipientName"];
            phone: components["schemas"]["Phone"];
            address: components["schemas"]["Address"];
            address_detail: components["schemas"]["AddressDetail"];
            postal_code: components["schemas"]["PostalCode"];
        } | null;
        NewOrder: {
            items: components["schemas"]["NewOrderItem"][];
            shipping_address?: components["schemas"]["NewShippingAddress"];
        };
        /** @description With a deal it is priced and counted from the deal, which must be of the product. */
        NewOrderItem: {
            product_id: components["schemas"]["Uuid"];
            deal_id?: components["schemas"]["NullableUuid"];
            quantity: components["schemas"]["Quantity"];
        };
        Cancellation: {
            reason?: components["schemas"]["Reason"];
        };
        OrderItem: {
            id: components["schemas"]["Uuid"];
            product_id: components["schemas"]["Uuid"];
            deal_id: components["schemas"]["NullableUuid"];
            /**
             * @description As it was when it was bought.
             * @example Hanbit Headphones Pro
             */
            product_name: string;
            quantity: components["schemas"]["Quantity"];
            unit_price: components["schemas"]["Money"];
            subtotal: components["schemas"]["Amount"];
        };
        Order: {
            id: components["schemas"]["Uuid"];
            user_id: components["schemas"]["Uuid"];
            items: components["schemas"]["OrderItem"][];
            total_amount: components["schemas"]["Amount"];
            status: components["schemas"]["OrderStatus"];
            shipping_address: components["schemas"]["ShippingAddress"];
            cancelled_at: components["schemas"]["NullableTime"];
            cancel_reason: components["schemas"]["Reason"];
            /**
             * @description Why a pending order was rejected.
             * @example INSUFFICIENT_STOCK
             * @example null
             */
            reject_reason: string | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        OrderPage: {
            items: components["schemas"]["Order"][];
            total: components["schemas"]["Total"];
            page: components["schemas"]["PageNumber"];
            size: components["schemas"]["PageSize"];
        };
        OrderOutcomes: {
            results: components["schemas"]["OrderOutcome"][];
        };
        OrderOutcome: {
            order_id: components["schemas"]["Uuid"];
            /** @enum {string} */
            outcome: "confirmed" | "void" | "pending";
        };
        /**
         * Format: date-time
         * @description RFC 3339 with a zone, years 2000 to 9999; answers have it in UTC with milliseconds.
         * @example 2026-11-27T03:00:00.000Z
         */
        Time: string;
        /**
         * Format: uuid
         * @example 0b7f6f0e-3c59-4f52-9a42-6c1d2f8e5a10
         */
        Uuid: string;
        /**
         * Format: uuid
         * @example 7d0c2a54-8f1e-4b7b-b1b5-3f0a9c6d2e71
         * @example null
         */
        NullableUuid: string | null;
        /** @example 1 */
        Quantity: number;
        /**
         * @description An amount in the smallest unit of the currency.
         * @example 129000
         */
        Money: number;
        /**
         * Format: date-time
         * @description RFC 3339 with a zone, years 2000 to 9999; answers have it in UTC with milliseconds.
         * @example 2026-11-27T03:00:00.000Z
         * @example null
         */
        NullableTime: string | null;
        /**
         * @description How many there are on all pages together.
         * @example 42
         */
        Total: number;
        /**
         * @description Which page this is.
         * @example 1
         */
        PageNumber: number;
        /**
         * @description How many items a page has at most.
         * @example 20
         */
        PageSize: number;
        /** @enum {string} */
        ErrorCode: "VALIDATION_ERROR" | "MALFORMED_BODY" | "REQUEST_TIMEOUT" | "PAYLOAD_TOO_LARGE" | "HEADERS_TOO_LARGE" | "EXPECTATION_FAILED" | "UNSUPPORTED_MEDIA_TYPE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "UNAUTHORIZED" | "INVALID_TOKEN" | "FORBIDDEN" | "EMAIL_EXISTS" | "INVALID_CREDENTIALS" | "PRODUCT_NOT_FOUND" | "DEAL_NOT_FOUND" | "INSUFFICIENT_STOCK" | "DEAL_NOT_ACTIVE" | "PURCHASE_LIMIT_EXCEEDED" | "INVALID_ORDER_STATE" | "IDEMPOTENCY_IN_PROGRESS" | "IDEMPOTENCY_MISMATCH" | "RATE_LIMITED" | "SERVICE_UNAVAILABLE" | "DEADLINE_EXCEEDED" | "INTERNAL_ERROR";
        Error: {
            error: components["schemas"]["ErrorCode"];
            /** @description A sentence for people; programs read `error`. */
            message: string;
            /** @description What exactly is wrong. Of VALIDATION_ERROR: the path of a field with dots (`items.0.quantity`) and a sentence about it, of the first twenty at most. An error is always smaller than 8 KB. */
            details?: {
                [key: string]: unknown;
            };
            /** @description Names the request in the logs. */
            request_id?: string;
        };
        OrderIds: {
            order_ids: components["schemas"]["Uuid"][];
        };
        /**
         * @description The variant of every scenario, by its id.
         * @example {
         *       "E2": "optimized",
         *       "M1": "baseline"
         *     }
         */
        Scenarios: {
            [key: string]: string;
        };
        Health: {
            /** @constant */
            status: "healthy";
            /** @enum {string} */
            service: "auth-service" | "product-service" | "order-service";
            scenarios: components["schemas"]["Scenarios"];
        };
        Readiness: {
            /** @constant */
            status: "ready";
            /** @enum {string} */
            service: "gateway" | "auth-service" | "product-service" | "order-service";
            /** @description What the service cannot do without. */
            dependencies: {
                [key: string]: "up";
            };
        };
    };
    responses: {
        /** @description MALFORMED_BODY: the query is not UTF-8 in percent-encoding. */
        MalformedQuery: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description UNAUTHORIZED: there is no token. INVALID_TOKEN: the token is malformed, expired or not ours, or there are two. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description VALIDATION_ERROR: the body or a parameter breaks the schema; `details` names each field. */
        ValidationFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description RATE_LIMITED: too many requests; repeat after the time in Retry-After. */
        RateLimited: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description INTERNAL_ERROR: something unexpected. The log knows more, under the request id. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description SERVICE_UNAVAILABLE: a dependency is away, or the service is at its limit. */
        ServiceUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description DEADLINE_EXCEEDED: no answer in time. Whether the request took effect is not known. */
        DeadlineExceeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description REQUEST_TIMEOUT: the request did not arrive whole in time. */
        RequestTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description PAYLOAD_TOO_LARGE: the body is larger than the service reads. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: the body is not application/json, or has two types. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description FORBIDDEN: it belongs to somebody else. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description NOT_FOUND: there is nothing at this address. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description MALFORMED_BODY: the body is not valid JSON. */
        MalformedBody: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description UNAUTHORIZED: the internal key is missing or wrong. */
        InternalKeyRequired: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description SERVICE_UNAVAILABLE: not ready; `details` names each dependency that is away, and why. */
        NotReady: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        /** @description Which page, from 1 on. */
        Page: number;
        /** @description How many items a page has at most. */
        Size: number;
        /** @description The id of the order. */
        OrderId: components["schemas"]["Uuid"];
    };
    requestBodies: never;
    headers: {
        /** @description How to authenticate. */
        WwwAuthenticate: string;
        /** @description Seconds after which to repeat the request. */
        RetryAfter: number;
        /** @description Which limit was met (`address`, `user` or `logins`), the requests that remain (`r`) and the seconds after which there are more (`t`). */
        RateLimit: string;
        /** @description That limit as requests (`q`) in a window of seconds (`w`). */
        RateLimitPolicy: string;
        /** @description Seconds after which to repeat the request; of IDEMPOTENCY_IN_PROGRESS only. */
        RetryAfterInProgress: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listMyOrders: {
        parameters: {
            query?: {
                /** @description Which page, from 1 on. */
                page?: components["parameters"]["Page"];
                /** @description How many items a page has at most. */
                size?: components["parameters"]["Size"];
                /** @description Only those of this status. */
                status?: components["schemas"]["OrderStatus"];
                /** @description Only those made at this time or later. */
                created_from?: components["schemas"]["Time"];
                /** @description Only those made at this time or earlier. */
                created_to?: components["schemas"]["Time"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders with their items. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["MalformedQuery"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    createOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Made by the client, one for each purchase; the same for its repetitions, within 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description The order, confirmed. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description INSUFFICIENT_STOCK: fewer units are left than are asked for. MALFORMED_BODY: the body is not valid JSON, or there are two Idempotency-Key headers. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description PRODUCT_NOT_FOUND: there is no such product. DEAL_NOT_FOUND: there is no such deal of this product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            408: components["responses"]["RequestTimeout"];
            /** @description DEAL_NOT_ACTIVE: the deal has not begun or is over. PURCHASE_LIMIT_EXCEEDED: the deal allows a user fewer units. IDEMPOTENCY_IN_PROGRESS: a request with this key is under way; repeat it after the time in Retry-After. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfterInProgress"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description VALIDATION_ERROR: the body or a parameter breaks the schema; `details` names each field. IDEMPOTENCY_MISMATCH: the key was used with another body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the order. */
                order_id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the order. */
                order_id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Cancellation"];
            };
        };
        responses: {
            /** @description The order, cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description INVALID_ORDER_STATE: the order is in a state that cannot be cancelled. MALFORMED_BODY: the body is not valid JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    resolveOrders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderIds"];
            };
        };
        responses: {
            /** @description One outcome for each, in the order of asking. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderOutcomes"];
                };
            };
            400: components["responses"]["MalformedBody"];
            401: components["responses"]["InternalKeyRequired"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every dependency answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotReady"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
}
