package io.clusterstate.spring;

import io.clusterstate.NotReadyException;
import io.clusterstate.StaleViewException;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers 503 where a handler meets a view that is not ready or too stale. The answer does not repeat the exception's
 * message, which may name clusters.
 *
 * <p>Advice of the application without an order, such as one that catches every exception, comes after this one.
 */
@RestControllerAdvice
@Order(0)
final class UnavailableViewAdvice {

    UnavailableViewAdvice() {}

    @ExceptionHandler(NotReadyException.class)
    ProblemDetail notReady() {
        return unavailable("The view of the ECS clusters is not ready.");
    }

    @ExceptionHandler(StaleViewException.class)
    ProblemDetail stale() {
        return unavailable("The view of the ECS clusters is older than this request permits.");
    }

    private static ProblemDetail unavailable(String detail) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, detail);
    }
}
