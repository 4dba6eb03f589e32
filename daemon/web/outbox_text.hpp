#pragma once

#include <string>

#include "daemon/web/view.hpp"
#include "workflows/model/message.hpp"

/// Messages as lists and pages show them.
namespace fristvakt::daemon {

/// When it went, when it is to go, or when it was made.
[[nodiscard]] workflows::Instant time_of(const workflows::Message& message);
/// "Kari Lunde <kari@…>"; says so when it was erased.
[[nodiscard]] std::string person_name(const View& view, const workflows::Person& person);
/// The subject as written; before that what it will be about.
[[nodiscard]] std::string subject_of(const View& view, const workflows::StoredMessage& stored);
/// Why it is where it is, and what the server said.
[[nodiscard]] std::string reason_text(const View& view, const workflows::Message& message);
[[nodiscard]] Html state_tag(const View& view, workflows::MessageState state);
[[nodiscard]] Html message_link(const View& view, const workflows::StoredMessage& stored);
/// The cases that it speaks of, as links, with what it says of each.
[[nodiscard]] Html case_links(const View& view, const workflows::StoredMessage& stored);

}  // namespace fristvakt::daemon
