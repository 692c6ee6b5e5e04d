#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace nascent::detail {

/// One line. Bytes that are no UTF-8, which a reason of failure may have, become replacement
/// characters.
inline std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace nascent::detail
