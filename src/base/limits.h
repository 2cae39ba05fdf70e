// Limits of what outsiders can make the switch hold: one row each. At a limit it refuses politely.
#pragma once

#include <cstddef>

namespace tandem {

inline constexpr std::size_t kMaxTransactions = 4'000'000;  // of one exchange; beyond: 503
inline constexpr std::size_t kMaxCalls = 2'000'000;         // of one exchange; beyond: 503
inline constexpr std::size_t kMaxEarlyDialogs = 8;          // of one attempt; further ones unheard
inline constexpr std::size_t kMaxEarlySources = 8;          // sessions shown before the answer
inline constexpr std::size_t kMaxAttempts = 100;            // of one call
inline constexpr std::size_t kMaxConnections = 8192;        // SIP over streams; further ones are closed
inline constexpr std::size_t kMaxHandshakes = 1024;         // of TLS and WebSocket at once; further ones are closed
inline constexpr std::size_t kMaxUpgradeRequest = 8192;     // bytes that open a WebSocket; beyond: 431
inline constexpr std::size_t kMaxPeerNames = 8192;          // of TLS servers, by address; then learned anew
inline constexpr std::size_t kMaxConnectionQueue = 1 << 20; // bytes a peer does not take; then closed
inline constexpr std::size_t kMaxAddressQuestions = 4096;   // DNS at once; beyond: no address
inline constexpr std::size_t kMaxProbes = 100'000;          // addresses asked with OPTIONS; others are not
inline constexpr std::size_t kMaxProbesOfName = 16;         // addresses one name leads to
inline constexpr std::size_t kMaxStaticContacts = 250'000;  // keep-alive without registration
inline constexpr std::size_t kMaxParameterListLines = 2000; // of a pasted list; then refused
inline constexpr std::size_t kMaxBindings = 2'000'000;      // registered contacts; beyond: 503
inline constexpr std::size_t kMaxContacts = 10;             // of one terminal; the oldest goes
inline constexpr std::size_t kMaxContactSize = 1024;        // bytes of one, and of its Path; beyond: 400
inline constexpr std::size_t kMaxRealms = 4;                // whose challenges are kept, of one peer
inline constexpr std::size_t kMaxRegistrarTargets = 16;     // addresses of one registrar
inline constexpr std::size_t kMaxDebugTraces = 16;          // kept at once; the oldest ended one goes
inline constexpr std::size_t kMaxDebugTraceBytes = 8 << 20; // of one in memory; the oldest messages go
inline constexpr std::size_t kMaxTraceFileBytes = 16 << 20; // of one file; then the next is begun
inline constexpr std::size_t kMaxTraceFiles = 4;            // of one debug trace; the oldest is removed
inline constexpr std::size_t kMaxTracedCalls = 250'000;     // a search tells apart; then it forgets

inline constexpr std::size_t kMaxImportedNumbers = 1'000'000'000;  // of one list; then refused
inline constexpr std::size_t kMaxImportedTexts = 1'000'000; // of them those that are not only digits
inline constexpr std::size_t kMaxNumberUploads = 2;         // lists that are read at once; then 429
inline constexpr std::size_t kMaxRedirects = 5;             // 3xx answers one call follows
inline constexpr std::size_t kMaxAlternatives = 20;         // Contacts read from one of them
inline constexpr std::size_t kMaxInquiries = 100'000;       // to redirect and LRN servers at once; beyond: no answer
inline constexpr std::size_t kMaxLookUps = 256;             // over HTTP at once; beyond: no answer
inline constexpr std::size_t kMaxCachedNumbers = 200'000;   // LRN answers kept; the oldest go
inline constexpr std::size_t kMaxRoutingTags = 64;          // different words; more are refused
inline constexpr std::size_t kMaxTagRules = 1024;           // that set them; more are refused
inline constexpr std::size_t kMaxShownNumbers = 1'000;             // of a pool or gateway, in one answer
inline constexpr std::size_t kMaxDestinationQualities = 100'000;    // gateways and destinations; the oldest goes
inline constexpr std::size_t kMaxDestinationSegments = 2'000'000;  // of their windows together
inline constexpr std::size_t kMaxAlternativeSize = 512;     // bytes of one; longer ones are left out

}  // namespace tandem
