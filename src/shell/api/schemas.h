// The schemas of the OpenAPI document. Only for openapi.cc and schemas.cc: it shows the library.
#pragma once

#include <boost/json/object.hpp>

namespace tandem::api {

boost::json::object all_schemas();

}  // namespace tandem::api
