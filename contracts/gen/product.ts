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
         * Offer a product
         * @description Whoever offers it owns it.
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
         * Show a product
         * @description As it is, or where single products come from a cache (variant `single` of scenario E2), with a stock that may be a second old. What the owner changes shows at once in the process that was told, and within a second in others. `/products/{product_id}/stock` is never cached.
         */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a product
         * @description What is left out stays as it is. Stock is changed by updateStock.
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
         * Show how many units are left
         * @description Units allocated to deals are not among them.
         */
        get: operations["getStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Add or take away units */
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
         * @description Those inside their window now; with a status, those of that status. Which deals are inside is right at every moment by the database's clock. What remains of them may be up to two seconds old where the list comes from a cache, and so may be whether one is `active` or `sold_out`: whoever must know asks for the deal, or orders.
         */
        get: operations["listActiveDeals"];
        put?: never;
        /**
         * Offer a deal
         * @description Moves `deal_stock` units from the product to the deal. What remains when the deal ends moves back. `ends_at` is after `starts_at` and in the future.
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
        /** Show a deal */
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
         * @description Each is answered for itself, in the order of asking. Idempotent by order id: one that is held or confirmed gets its first answer again.
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
         * Confirm the reservations of orders that stand
         * @description Only a held reservation becomes confirmed; what each is afterwards is the answer. An id that never asked for stock is `unknown`.
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
         * Give the stock of an order back
         * @description Idempotent. An id that never asked for stock is stored as released, so that a late reservation of it is refused.
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
         * @description Units of the deal that one user may have; null for no limit.
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
             * @description Where this page ends, for `cursor`. Absent where nothing comes after it; of a full page that is known only with the next one, which may be empty.
             * @example AAZCmQh9T0ALf28OPFlPUppCbB0vjloQAAAAAAAU-IFxX52D
             */
            next_cursor?: string;
        };
        StockChange: {
            /**
             * @description Units to add, or below zero to take away.
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
        /** @description Granted: with `expires_at` and `lines`. Refused: nothing was kept; with `reason`, `message` and perhaps `details`. Unknown: it failed, and what became of it is not known; with the `reason` NOT_STARTED this request has changed nothing. */
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
         * @description Units; what buyers give back may bring it above what an owner may set.
         * @example 100
         */
        StockOnHand: number;
        /**
         * Format: date-time
         * @description RFC 3339 with a zone, years 2000 to 9999; answers have it in UTC with milliseconds.
         * @example 2026-11-27T03:00:00.000Z
         */
        Time: string;
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
        /** @description MALFORMED_BODY: the body is not valid JSON. */
        MalformedBody: {
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
        /** @description NOT_FOUND: there is nothing at this address. */
        NotFound: {
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
        /** @description Which limit was met (`address`, `user` or `logins`), the requests that remain (`r`) and the seconds after which there are more (`t`). */
        RateLimit: string;
        /** @description That limit as requests (`q`) in a window of seconds (`w`). */
        RateLimitPolicy: string;
        /** @description How to authenticate. */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listProducts: {
        parameters: {
            query?: {
                /** @description Which page, from 1 on. */
                page?: components["parameters"]["Page"];
                /** @description How many items a page has at most. */
                size?: components["parameters"]["Size"];
                /** @description Only those of this category. */
                category?: string;
                /** @description Instead of a page: the `next_cursor` of the page before, as it is, with the category of that page. The products that come after it are listed, whatever was added since; a deep page takes no longer than the first. `page` then counts the pages of the walk. */
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
            /** @description The product as it is now. */
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
            /** @description The stock as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockLevel"];
                };
            };
            /** @description INSUFFICIENT_STOCK: fewer units are left than are to be taken away. MALFORMED_BODY: the body is not valid JSON. */
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
                /** @description Which page, from 1 on. */
                page?: components["parameters"]["Page"];
                /** @description How many items a page has at most. */
                size?: components["parameters"]["Size"];
                /** @description Only those of this status. */
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
            /** @description INSUFFICIENT_STOCK: the product has fewer units than the deal asks for. MALFORMED_BODY: the body is not valid JSON. */
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
            /** @description One result for each, in the order of asking. */
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
            /** @description One state for each, in the order of asking. */
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
            /** @description It is released. */
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
