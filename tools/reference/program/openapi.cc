// Prints the OpenAPI document of the API, for docs/reference/openapi.json. The version is left
// open: the page changes when the API does.
#include <cstdio>

#include "shell/api/operation.h"

int main() {
  const auto operations = tandem::api::all_operations();
  std::fputs(tandem::api::openapi_document(operations, "*").c_str(), stdout);
  return 0;
}
