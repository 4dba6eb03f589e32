#pragma once

#include <string>
#include <utility>
#include <variant>

#include "workflows/assert.hpp"

namespace fristvakt::workflows {

/// What the caller may do about a failure; details for people go in `message`.
enum class ErrorKind {
    InvalidInput,  ///< The caller's data is wrong. Retrying cannot help.
    NotFound,      ///< The named thing does not exist.
    Conflict,      ///< The thing is not in a state that allows this. Reload and decide again.
    Forbidden,     ///< Whoever asks may not do this. Somebody else may.
    Unavailable,   ///< A store or service did not answer. Retrying may help.
};

struct Error {
    ErrorKind kind{ErrorKind::InvalidInput};
    std::string message;  ///< What is wrong, where, and what to do; never a secret.
    /// A stable word for whoever says it in another language: "moved-on"; often empty.
    std::string code{};
};

/// A value or an error; never both, never neither. Ignoring one does not compile without a warning.
template <typename Value>
class [[nodiscard]] Result {
 public:
    Result(Value value) : content_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
    Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return std::holds_alternative<Value>(content_); }
    /// REQUIRES: ok().
    [[nodiscard]] const Value& value() const& {
        FRISTVAKT_ASSERT(ok());
        return std::get<Value>(content_);
    }
    /// By value, so that `for (… : f().value())` walks over something that is still there.
    [[nodiscard]] Value value() && {
        FRISTVAKT_ASSERT(ok());
        return std::get<Value>(std::move(content_));
    }
    /// REQUIRES: !ok().
    [[nodiscard]] const Error& error() const {
        FRISTVAKT_ASSERT(!ok());
        return std::get<Error>(content_);
    }

 private:
    std::variant<Value, Error> content_;
};

/// Success without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace fristvakt::workflows
