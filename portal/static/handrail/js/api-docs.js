// Draws the description of the API. What is tried out here goes with the reader's own session, hence the CSRF token.

const docs = document.getElementById("docs");

SwaggerUIBundle({
  url: docs.dataset.schema,
  domNode: docs,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = docs.dataset.csrf;
    return request;
  },
});
