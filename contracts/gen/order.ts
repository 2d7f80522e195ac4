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
         * Place an order
         * @description All lines are ordered, or none. With an Idempotency-Key a repeated request gets the response of the first one and never creates a second order. A rejected request may be repeated with the same key and body; it is decided again. A key is stored for 24 hours after its last attempt; after that it creates a new order.
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
        /** Get an order */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{order_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the order. */
                order_id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        /**
         * Follow an order until it is decided
         * @description Server-sent events. The event `order` has the order as in getOrder: its current state, and again when it is decided. The id of an event is the time of the change; the event of Last-Event-ID is not sent again. The stream ends after an order that is not pending. Comments keep the connection alive. If the stream ends earlier, open it again after the time in `retry`.
         */
        get: operations["orderEvents"];
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
         * @description Its stock is returned, once.
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
         * Get the outcomes of orders
         * @description An unknown id is stored as void before the response, and can never become an order afterwards. Cancelled and rejected orders count as void.
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
         * @description Calls no dependency. The response lists the variant of each scenario.
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
         * Is the service ready?
         * @description Checks every dependency.
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
         * @description An amount of money, in the smallest unit of the currency.
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
        /** @description With `deal_id`, price and stock are the deal's, which must belong to the product. */
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
             * @description As of the purchase.
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
             * @description The reason why a pending order was rejected.
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
         * @description RFC 3339 with a zone, years 2000 to 9999; responses use UTC with milliseconds.
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
         * @description RFC 3339 with a zone, years 2000 to 9999; responses use UTC with milliseconds.
         * @example 2026-11-27T03:00:00.000Z
         * @example null
         */
        NullableTime: string | null;
        /**
         * @description The number of items on all pages.
         * @example 42
         */
        Total: number;
        /**
         * @description The number of this page.
         * @example 1
         */
        PageNumber: number;
        /**
         * @description The maximum number of items of a page.
         * @example 20
         */
        PageSize: number;
        /** @enum {string} */
        ErrorCode: "VALIDATION_ERROR" | "MALFORMED_BODY" | "REQUEST_TIMEOUT" | "PAYLOAD_TOO_LARGE" | "HEADERS_TOO_LARGE" | "EXPECTATION_FAILED" | "UNSUPPORTED_MEDIA_TYPE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "UNAUTHORIZED" | "INVALID_TOKEN" | "FORBIDDEN" | "EMAIL_EXISTS" | "INVALID_CREDENTIALS" | "PRODUCT_NOT_FOUND" | "DEAL_NOT_FOUND" | "INSUFFICIENT_STOCK" | "DEAL_NOT_ACTIVE" | "PURCHASE_LIMIT_EXCEEDED" | "INVALID_ORDER_STATE" | "IDEMPOTENCY_IN_PROGRESS" | "IDEMPOTENCY_MISMATCH" | "RATE_LIMITED" | "SERVICE_UNAVAILABLE" | "DEADLINE_EXCEEDED" | "INTERNAL_ERROR";
        Error: {
            error: components["schemas"]["ErrorCode"];
            /** @description A sentence for people. Programs read `error`. */
            message: string;
            /** @description Details of the error. For VALIDATION_ERROR: the path of each field with dots (`items.0.quantity`) and a sentence about it, at most twenty. An error is always smaller than 8 KB. */
            details?: {
                [key: string]: unknown;
            };
            /** @description Identifies the request in the logs. */
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
            /** @description The required dependencies. */
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
        /** @description UNAUTHORIZED: there is no token. INVALID_TOKEN: the token is malformed, expired or of another issuer, or there are two. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description VALIDATION_ERROR: the body or a parameter violates the schema; `details` names each field. */
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
        /** @description INTERNAL_ERROR: an unexpected error. The log has its cause, with the request id. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description SERVICE_UNAVAILABLE: a dependency is unavailable, or a queue is full. */
        ServiceUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description DEADLINE_EXCEEDED: no response in time. The outcome of the request is unknown. */
        DeadlineExceeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description REQUEST_TIMEOUT: the request did not arrive completely in time. */
        RequestTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description PAYLOAD_TOO_LARGE: the body exceeds the limit. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: the body is not application/json, or there are two Content-Type headers. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description FORBIDDEN: the resource belongs to another user. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description NOT_FOUND: there is no such resource. */
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
        /** @description SERVICE_UNAVAILABLE: not ready; `details` has each unavailable dependency and the reason. */
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
        /** @description The number of the page, from 1. */
        Page: number;
        /** @description The maximum number of items of a page. */
        Size: number;
        /** @description The id of the order. */
        OrderId: components["schemas"]["Uuid"];
    };
    requestBodies: never;
    headers: {
        /** @description The authentication scheme. */
        WwwAuthenticate: string;
        /** @description Seconds after which to repeat the request. */
        RetryAfter: number;
        /** @description The limit that was reached (`address`, `user` or `logins`), the remaining requests (`r`) and the seconds until the window ends (`t`). */
        RateLimit: string;
        /** @description That limit as requests (`q`) per window of seconds (`w`). */
        RateLimitPolicy: string;
        /** @description Where the resource is found. */
        Location: string;
        /** @description Seconds after which to repeat the request; only with IDEMPOTENCY_IN_PROGRESS. */
        RetryAfterInProgress: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listMyOrders: {
        parameters: {
            query?: {
                /** @description The number of the page, from 1. */
                page?: components["parameters"]["Page"];
                /** @description The maximum number of items of a page. */
                size?: components["parameters"]["Size"];
                /** @description Only those with this status. */
                status?: components["schemas"]["OrderStatus"];
                /** @description Only those created at this time or later. */
                created_from?: components["schemas"]["Time"];
                /** @description Only those created at this time or earlier. */
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
                /** @description Created by the client, one for each order. Send the same key when you repeat the request, within 24 hours. */
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
            /** @description The order, pending (H2 only). It is stored and becomes confirmed or rejected. Location is its URL, and its events show the outcome. If its stock is not granted yet, the names of its items are empty and its amounts are 0. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description INSUFFICIENT_STOCK: fewer units are left than requested. MALFORMED_BODY: the body is not valid JSON, or there are two Idempotency-Key headers. */
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
            /** @description DEAL_NOT_ACTIVE: the deal has not begun or is over. PURCHASE_LIMIT_EXCEEDED: the deal's limit per buyer is exceeded. IDEMPOTENCY_IN_PROGRESS: a request with this key is in progress; repeat it after the time in Retry-After. */
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
            /** @description VALIDATION_ERROR: the body or a parameter violates the schema; `details` names each field. IDEMPOTENCY_MISMATCH: the key was used with another body. */
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
    orderEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was received. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The id of the order. */
                order_id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["MalformedQuery"];
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
            /** @description One outcome for each id, in the order of the request. */
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
            /** @description Every dependency responds. */
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
