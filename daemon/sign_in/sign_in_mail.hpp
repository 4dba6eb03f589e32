#pragma once

#include <memory>
#include <string>

#include "daemon/delivery/direct_mail.hpp"

namespace fristvakt::daemon {

/// A link to sign in with, on its way to somebody.
struct SignInMail {
    std::string address;
    std::string name;
    std::string link;
    workflows::Language language{workflows::Language::Nb};
    workflows::Instant at{};  ///< For the Date header.
    std::shared_ptr<const workflows::Definitions> definitions;
};

/// Written, in the reader's målform. Pure.
[[nodiscard]] DirectMail direct_mail(const SignInMail& mail);

}  // namespace fristvakt::daemon
