// Generated from contracts/product.yaml. DO NOT EDIT.
export interface paths {
    "/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List products, newest first */
        get: operations["listProducts"];
        put?: never;
        /**
         * Create a product
         * @description The user who creates it is its owner.
         */
        post: operations["createProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the product. */
                product_id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        /**
         * Get a product
         * @description Its current state. If single products are cached (scenario M9, and variant `single` of E2), its stock may be a second old, and an owner's change is visible immediately in the process that made it and within a second in the others. `/products/{product_id}/stock` is never cached.
         */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update a product
         * @description Omitted fields do not change. Use updateStock to change the stock.
         */
        patch: operations["updateProduct"];
        trace?: never;
    };
    "/products/{product_id}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the product. */
                product_id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        /**
         * Get the stock of a product
         * @description Units allocated to deals are not included. Never cached.
         */
        get: operations["getStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Add or remove units */
        patch: operations["updateStock"];
        trace?: never;
    };
    "/products/deals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deals, soonest first
         * @description Without a status, the deals in their window now; with a status, the deals with that status. The set of deals in their window is always correct by the database's clock. If the list is cached, their remaining units, and whether a deal is `active` or `sold_out`, may be up to two seconds old. Get the single deal for current values.
         */
        get: operations["listActiveDeals"];
        put?: never;
        /**
         * Create a deal
         * @description Moves `deal_stock` units from the product to the deal. When the deal ends, the remaining units are moved back. `ends_at` is after `starts_at` and in the future.
         */
        post: operations["createDeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/deals/{deal_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the deal. */
                deal_id: components["parameters"]["DealId"];
            };
            cookie?: never;
        };
        /**
         * Get a deal
         * @description Its current state. If single deals are cached (scenario M9), its remaining units, and whether it is `active` or `sold_out`, may be a second old.
         */
        get: operations["getDeal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reserve stock for orders
         * @description Each reservation has its own result, in the order of the request. Idempotent by order id: one that is held or confirmed gets its first result again.
         */
        post: operations["createReservations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/reservations/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the reservations of stored orders
         * @description Only a held reservation becomes confirmed. The response has the state of each afterwards. An id without a reservation is `unknown`.
         */
        post: operations["confirmReservations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/reservations/{order_id}/release": {
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
         * Release the stock of an order
         * @description Idempotent. An id without a reservation is stored as released, so that a late reservation of it is rejected.
         */
        post: operations["releaseReservation"];
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
        /** @example Hanbit Headphones Pro */
        ProductName: string;
        /**
         * @example Light and quiet.
         * @example null
         */
        Description: string | null;
        /**
         * @example Electronics
         * @example null
         */
        Category: string | null;
        /**
         * Format: uri
         * @example https://images.example.com/headphones.jpg
         * @example null
         */
        ImageUrl: string | null;
        /**
         * @description Units of the deal that one user may buy; null for no limit.
         * @example 2
         * @example null
         */
        PerUserLimit: number | null;
        /** @example 50 */
        DealUnits: number;
        /** @enum {string} */
        DealStatus: "scheduled" | "active" | "sold_out" | "ended";
        NewProduct: {
            name: components["schemas"]["ProductName"];
            price: components["schemas"]["Money"];
            stock: components["schemas"]["Stock"];
            description?: components["schemas"]["Description"];
            category?: components["schemas"]["Category"];
            image_url?: components["schemas"]["ImageUrl"];
        };
        ProductChanges: {
            name?: components["schemas"]["ProductName"];
            description?: components["schemas"]["Description"];
            price?: components["schemas"]["Money"];
            category?: components["schemas"]["Category"];
            image_url?: components["schemas"]["ImageUrl"];
        };
        Product: {
            id: components["schemas"]["Uuid"];
            name: components["schemas"]["ProductName"];
            description: components["schemas"]["Description"];
            price: components["schemas"]["Money"];
            stock: components["schemas"]["StockOnHand"];
            category: components["schemas"]["Category"];
            image_url: components["schemas"]["ImageUrl"];
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        ProductPage: {
            items: components["schemas"]["Product"][];
            total: components["schemas"]["Total"];
            page: components["schemas"]["PageNumber"];
            size: components["schemas"]["PageSize"];
            /**
             * @description The end of this page, for `cursor`. Absent if this is the last page; a full page always has one, and the page after it may be empty.
             * @example AAZCmQh9T0ALf28OPFlPUppCbB0vjloQAAAAAAAU-IFxX52D
             */
            next_cursor?: string;
        };
        StockChange: {
            /**
             * @description Units to add; a negative number removes units.
             * @example 50
             * @example -3
             */
            delta: number;
        };
        StockLevel: {
            product_id: components["schemas"]["Uuid"];
            stock: components["schemas"]["StockOnHand"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description `starts_at` is before `ends_at`; otherwise 422. */
        NewDeal: {
            product_id: components["schemas"]["Uuid"];
            deal_price: components["schemas"]["Money"];
            deal_stock: components["schemas"]["DealUnits"];
            starts_at: components["schemas"]["Time"];
            ends_at: components["schemas"]["Time"];
            per_user_limit?: components["schemas"]["PerUserLimit"];
        };
        DealProduct: {
            id: components["schemas"]["Uuid"];
            name: components["schemas"]["ProductName"];
            description: components["schemas"]["Description"];
            category: components["schemas"]["Category"];
            image_url: components["schemas"]["ImageUrl"];
        };
        Deal: {
            id: components["schemas"]["Uuid"];
            product_id: components["schemas"]["Uuid"];
            product: components["schemas"]["DealProduct"];
            deal_price: components["schemas"]["Money"];
            original_price: components["schemas"]["Money"];
            deal_stock: components["schemas"]["DealUnits"];
            remaining_stock: components["schemas"]["StockOnHand"];
            per_user_limit: components["schemas"]["PerUserLimit"];
            starts_at: components["schemas"]["Time"];
            ends_at: components["schemas"]["Time"];
            status: components["schemas"]["DealStatus"];
            created_at: components["schemas"]["Time"];
        };
        DealPage: {
            items: components["schemas"]["Deal"][];
            total: components["schemas"]["Total"];
            page: components["schemas"]["PageNumber"];
            size: components["schemas"]["PageSize"];
        };
        ReservationRequests: {
            reservations: components["schemas"]["ReservationRequest"][];
        };
        ReservationRequest: {
            order_id: components["schemas"]["Uuid"];
            user_id: components["schemas"]["Uuid"];
            lines: components["schemas"]["RequestedLine"][];
        };
        RequestedLine: {
            product_id: components["schemas"]["Uuid"];
            deal_id: components["schemas"]["NullableUuid"];
            quantity: components["schemas"]["Quantity"];
        };
        GrantedLine: {
            product_id: components["schemas"]["Uuid"];
            deal_id: components["schemas"]["NullableUuid"];
            quantity: components["schemas"]["Quantity"];
            product_name: components["schemas"]["ProductName"];
            unit_price: components["schemas"]["Money"];
        };
        ReservationResults: {
            results: components["schemas"]["ReservationResult"][];
        };
        /** @description Granted: with `expires_at` and `lines`. Refused: nothing was reserved; with `reason`, `message` and optionally `details`. Unknown: it failed and its outcome is unknown; with the `reason` NOT_STARTED this request has changed nothing. */
        ReservationResult: {
            order_id: components["schemas"]["Uuid"];
            /** @enum {string} */
            outcome: "granted" | "refused" | "unknown";
            expires_at?: components["schemas"]["Time"];
            lines?: components["schemas"]["GrantedLine"][];
            /** @enum {string} */
            reason?: "INSUFFICIENT_STOCK" | "PRODUCT_NOT_FOUND" | "DEAL_NOT_FOUND" | "DEAL_NOT_ACTIVE" | "PURCHASE_LIMIT_EXCEEDED" | "RESERVATION_RELEASED" | "NOT_STARTED";
            message?: string;
            details?: {
                [key: string]: unknown;
            };
        };
        ReservationStates: {
            results: components["schemas"]["ReservationState"][];
        };
        ReservationState: {
            order_id: components["schemas"]["Uuid"];
            /** @enum {string} */
            state: "held" | "confirmed" | "released" | "unknown";
        };
        ReleasedReservation: {
            order_id: components["schemas"]["Uuid"];
            /** @constant */
            state: "released";
        };
        /**
         * Format: uuid
         * @example 0b7f6f0e-3c59-4f52-9a42-6c1d2f8e5a10
         */
        Uuid: string;
        /**
         * @description An amount in the smallest unit of the currency.
         * @example 129000
         */
        Money: number;
        /**
         * @description Units. Released reservations may raise it above the maximum that an owner can set.
         * @example 100
         */
        StockOnHand: number;
        /**
         * Format: date-time
         * @description RFC 3339 with a zone, years 2000 to 9999; responses use UTC with milliseconds.
         * @example 2026-11-27T03:00:00.000Z
         */
        Time: string;
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
        /**
         * @description Units.
         * @example 100
         */
        Stock: number;
        /**
         * Format: uuid
         * @example 7d0c2a54-8f1e-4b7b-b1b5-3f0a9c6d2e71
         * @example null
         */
        NullableUuid: string | null;
        /** @example 1 */
        Quantity: number;
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
        /** @description MALFORMED_BODY: the body is not valid JSON. */
        MalformedBody: {
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
        /** @description NOT_FOUND: there is no such resource. */
        NotFound: {
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
        /** @description The id of the product. */
        ProductId: components["schemas"]["Uuid"];
        /** @description The id of the deal. */
        DealId: components["schemas"]["Uuid"];
        /** @description The id of the order. */
        OrderId: components["schemas"]["Uuid"];
    };
    requestBodies: never;
    headers: {
        /** @description Seconds after which to repeat the request. */
        RetryAfter: number;
        /** @description The limit that was reached (`address`, `user` or `logins`), the remaining requests (`r`) and the seconds until the window ends (`t`). */
        RateLimit: string;
        /** @description That limit as requests (`q`) per window of seconds (`w`). */
        RateLimitPolicy: string;
        /** @description The authentication scheme. */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listProducts: {
        parameters: {
            query?: {
                /** @description The number of the page, from 1. */
                page?: components["parameters"]["Page"];
                /** @description The maximum number of items of a page. */
                size?: components["parameters"]["Size"];
                /** @description Only those in this category. */
                category?: string;
                /** @description Use it instead of `page`: the unchanged `next_cursor` of the previous page, with the category of that page. The response lists the products after it, whatever was added since; a deep page takes no longer than the first. `page` then counts the pages since the first one. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            400: components["responses"]["MalformedQuery"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    createProduct: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            /** @description The product. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["MalformedBody"];
            401: components["responses"]["Unauthorized"];
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
    getProduct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the product. */
                product_id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            404: components["responses"]["NotFound"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    updateProduct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the product. */
                product_id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductChanges"];
            };
        };
        responses: {
            /** @description The updated product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["MalformedBody"];
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
    getStock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the product. */
                product_id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stock. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockLevel"];
                };
            };
            404: components["responses"]["NotFound"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    updateStock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the product. */
                product_id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StockChange"];
            };
        };
        responses: {
            /** @description The updated stock. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockLevel"];
                };
            };
            /** @description INSUFFICIENT_STOCK: fewer units are left than are to be removed. MALFORMED_BODY: the body is not valid JSON. */
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
    listActiveDeals: {
        parameters: {
            query?: {
                /** @description The number of the page, from 1. */
                page?: components["parameters"]["Page"];
                /** @description The maximum number of items of a page. */
                size?: components["parameters"]["Size"];
                /** @description Only those with this status. */
                status?: components["schemas"]["DealStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deals. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealPage"];
                };
            };
            400: components["responses"]["MalformedQuery"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    createDeal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDeal"];
            };
        };
        responses: {
            /** @description The deal. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deal"];
                };
            };
            /** @description INSUFFICIENT_STOCK: the product has fewer units than `deal_stock`. MALFORMED_BODY: the body is not valid JSON. */
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
            /** @description PRODUCT_NOT_FOUND: there is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
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
    getDeal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the deal. */
                deal_id: components["parameters"]["DealId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deal"];
                };
            };
            404: components["responses"]["NotFound"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["DeadlineExceeded"];
        };
    };
    createReservations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReservationRequests"];
            };
        };
        responses: {
            /** @description One result for each reservation, in the order of the request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationResults"];
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
    confirmReservations: {
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
            /** @description One state for each id, in the order of the request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationStates"];
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
    releaseReservation: {
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
            /** @description The stock is released. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleasedReservation"];
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
