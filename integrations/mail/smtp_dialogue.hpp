#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "integrations/mail/smtp_reply.hpp"

namespace fristvakt::integrations {

/// Follows what goes over the wire of one message and knows where it stands. Reads commands by
/// their verb alone; what is said to AUTH is not looked at. Used by one thread.
class SmtpDialogue {
 public:
    /// Begins a message of so many bytes, as many as are written before dot-stuffing.
    explicit SmtpDialogue(std::size_t message_bytes) : message_bytes_(message_bytes) {}

    /// A line of ours; several in one call only when they are one command.
    void command(std::string_view line);
    /// So many bytes of the message were written to the connection.
    void text(std::size_t bytes);
    /// One line of the server's.
    void answer(std::string_view line);

    [[nodiscard]] SmtpStage stage() const { return stage_; }
    /// What the server answered to the last command; code 0 as long as it has not, or not wholly.
    [[nodiscard]] const SmtpReply& reply() const { return reply_; }
    /// Which recipient was named last, from 0. REQUIRES: stage() is Recipient or later.
    [[nodiscard]] std::size_t recipient() const { return recipients_ - 1; }

 private:
    void enter(SmtpStage stage);

    std::size_t message_bytes_;
    std::size_t text_bytes_{0};
    std::size_t recipients_{0};
    SmtpStage stage_{SmtpStage::Connect};
    SmtpReply reply_;
    std::string lines_;  ///< Text of a reply whose last line has not come.
    bool is_over_{false};
};

}  // namespace fristvakt::integrations
