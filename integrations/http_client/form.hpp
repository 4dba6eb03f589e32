#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fristvakt::integrations {

/// Name and value of each field, as they are.
using FormFields = std::vector<std::pair<std::string, std::string>>;

/// With all but the unreserved characters of RFC 3986 (section 2.3) as %XX, a space as %20. Pure.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// As the body of a form or the query of a URL: "a=1&b=%20". Pure.
[[nodiscard]] std::string form_of(const FormFields& fields);

}  // namespace fristvakt::integrations
