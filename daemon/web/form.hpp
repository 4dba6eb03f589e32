#pragma once

#include "daemon/access/form_token.hpp"
#include "daemon/web/view.hpp"

namespace fristvakt::daemon {

/// The hidden field that every form has as its first: without it a POST changes nothing. The
/// service checks it before a handler is called.
[[nodiscard]] inline Html form_token_field(const View& view) {
    return html("<input type=\"hidden\" name=\"{}\" value=\"{}\">", kFormTokenField,
                view.visitor().form_token);
}

}  // namespace fristvakt::daemon
