#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// Whom one message really goes to.
struct Addressing {
    workflows::Person to;
    std::vector<workflows::Person> copies;
    std::string subject_prefix;           ///< Ends in a space, or is empty.
    std::vector<std::string> recipients;  ///< Addresses for the envelope: `to` first, then copies.
};

/// In the mode `redirect` everything goes to `redirect_to` alone, and the subject says for whom it
/// was: "[til kari@hamar.example, kopi ola@hamar.example] ". In the other modes nothing is changed:
/// whether an address may be written to at all was decided before.
[[nodiscard]] Addressing address_for(const workflows::MessageSnapshot& snapshot,
                                     const workflows::Installation& installation);

/// The message as RFC 5322 bytes: CRLF, 7-bit, multipart/alternative of text and HTML. The same
/// arguments give the same bytes. Thread-safe.
///
/// `calendar`, where it is not empty, is the calendar object of snapshot.meeting. It goes as the
/// last alternative, without a file name, which is what mail programs answer to (RFC 6047
/// section 2.4), and once more as a file for those that know no invitations.
///
/// `sender` is the name before the address that it is from; empty: the installation's.
///
/// InvalidInput: an address is not is_mail_address(), or a Message-ID is none. The error names the
/// place, never the address.
/// REQUIRES: definitions.zone is set.
[[nodiscard]] workflows::Result<std::string> to_mime(const workflows::MessageSnapshot& snapshot,
                                                     const workflows::RenderedMessage& rendered,
                                                     const workflows::Definitions& definitions,
                                                     std::string_view calendar = {},
                                                     std::string_view sender = {});

}  // namespace fristvakt::integrations
