// Generated from contracts/gateway.yaml. DO NOT EDIT.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the gateway alive, and do the services run the same scenarios?
         * @description What the services run is asked every few seconds, not by this call.
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
         * Can the gateway do its work?
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
    "/auth/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the auth service alive?
         * @description Its own /health, through the gateway.
         */
        get: operations["authHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the product service alive?
         * @description Its own /health, through the gateway.
         */
        get: operations["productHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the order service alive?
         * @description Its own /health, through the gateway.
         */
        get: operations["orderHealth"];
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
        InstanceHealth: {
            /**
             * @description What it said when it was asked last; `away` where it said nothing.
             * @enum {string}
             */
            status: "healthy" | "away";
            scenarios: components["schemas"]["Scenarios"];
        };
        /** @description A service, as the first of its instances that answers, and all of them. */
        ServiceHealth: {
            /** @enum {string} */
            status: "healthy" | "away";
            scenarios: components["schemas"]["Scenarios"];
            /** @description In the order of the gateway's setting. */
            instances: components["schemas"]["InstanceHealth"][];
        };
        GatewayHealth: {
            /** @constant */
            status: "healthy";
            /** @constant */
            service: "gateway";
            scenarios: components["schemas"]["Scenarios"];
            /** @description Those that were asked already. */
            services: {
                auth?: components["schemas"]["ServiceHealth"];
                product?: components["schemas"]["ServiceHealth"];
                order?: components["schemas"]["ServiceHealth"];
            };
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
        Health: {
            /** @constant */
            status: "healthy";
            /** @enum {string} */
            service: "auth-service" | "product-service" | "order-service";
            scenarios: components["schemas"]["Scenarios"];
        };
    };
    responses: {
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
        /** @description DEADLINE_EXCEEDED: no answer in time. Whether the request took effect is not known. */
        DeadlineExceeded: {
            headers: {
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
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Seconds after which to repeat the request. */
        RetryAfter: number;
        /** @description Which limit was met (`address`, `user` or `logins`), the requests that remain (`r`) and the seconds after which there are more (`t`). */
        RateLimit: string;
        /** @description That limit as requests (`q`) in a window of seconds (`w`). */
        RateLimitPolicy: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gateway is alive, and the services agree. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayHealth"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description SERVICE_UNAVAILABLE: not every instance of the services runs the same scenarios; `details` names each service that has one that differs. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
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
    authHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is alive. */
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
    productHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is alive. */
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
    orderHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is alive. */
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
}
