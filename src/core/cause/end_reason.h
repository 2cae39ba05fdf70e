// Why a call ended: every end reason of the switch, one row each, with its SIP and Q.850 meaning.
// The numbers are stable: they are stored in CDRs and journals and never given to another reason.
// The rows are in end_reason.cc; adding a reason = one enumerator here and one row there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tandem::cause {

// The value is the stable number of the reason. EndReason{} (0) is no reason: the call goes on.
enum class EndReason : std::uint16_t {
  // normal
  CallerHangup = 101,
  CalleeHangup = 102,
  CallerCancel = 103,
  TransferCompleted = 104,
  PickedUpElsewhere = 105,
  AudioFinished = 106,
  CalleeRejected = 107,

  // account
  AccountNotFound = 201,
  AccountLocked = 202,
  AccountExpired = 203,
  AccountNotYetValid = 204,
  AccountCanceled = 205,
  InsufficientBalance = 206,
  BalanceExhausted = 207,
  AgentAccountLocked = 208,
  AgentInsufficientBalance = 209,
  ClearingAccountLocked = 210,
  ClearingBalanceInsufficient = 211,
  RateNotFound = 212,
  RateLocked = 213,
  CallLevelDenied = 214,
  PhoneMonthlyLimit = 215,
  PackageNotUsable = 216,
  CardNotFound = 217,
  CardPasswordWrong = 218,
  CardExpired = 219,
  CardLocked = 220,
  CardBindLimit = 221,
  NoAuthorisedTime = 222,

  // number
  CalleeNotFound = 301,
  CalleeEmpty = 302,
  CallerEmpty = 303,
  CallerLengthDenied = 304,
  CalleeLengthDenied = 305,
  CallerFormatDenied = 306,
  CalleeFormatDenied = 307,
  CallerPrefixDenied = 308,
  CalleePrefixDenied = 309,
  CallerGroupDenied = 310,
  CalleeGroupDenied = 311,
  CallerCalleePairDenied = 312,
  CalleeMustBePhone = 313,
  CalleeMustNotBePhone = 314,
  SameCityDenied = 315,
  MobileAreaDenied = 316,
  AccountNumberRangeDenied = 317,
  NumberInvalid = 318,
  DialPlanRejected = 319,
  ConvertNotFound = 320,
  CallerPoolEmpty = 321,
  ExternalVerifyDenied = 322,
  GeoNumberChanged = 323,

  // routing
  NoAvailableRouter = 401,
  RouteGroupDenied = 402,
  RouteAllFailed = 403,
  SwitchLimitReached = 404,
  MinimumProfitNotReached = 405,
  RateCapExceeded = 406,
  NoCostRate = 407,
  CalendarDenied = 408,
  GatewayLocked = 409,
  GatewayOffline = 410,
  RetryAfterBan = 411,
  LrnFailed = 412,
  ExternalRedirectFailed = 413,
  ExternalRedirectRejected = 414,
  CalledNotOnline = 415,
  PhoneLocked = 416,
  CalleeBusy = 417,
  DoNotDisturb = 418,
  NodeMismatch = 419,
  RouteLoop = 420,
  PeerRedirectRefused = 421,
  ProtectRouteWaitTimeout = 422,
  RoutingTagDenied = 423,

  // limit
  IngressCapacity = 501,
  EgressCapacity = 502,
  GroupCapacity = 503,
  AccountCapacity = 504,
  PhoneLineLimit = 505,
  IngressCallRate = 506,
  EgressCallRate = 507,
  SystemCapacity = 508,
  SystemCallRate = 509,
  Overload = 510,
  MaxCallDuration = 511,
  NoTimerLimit = 512,
  TranscodingCapacity = 513,
  MediaPortsExhausted = 514,
  ExternalCallLimit = 515,

  // timeout
  InviteTimeout = 601,
  ConnectionTimeout = 602,
  TryingTimeout = 603,
  ProgressTimeout = 604,
  ProgressSdpTimeout = 605,
  RingingTimeout = 606,
  CallProceedingTimeout = 607,
  SetupTimeLimit = 608,
  SessionTimeout = 609,
  AckTimeout = 610,
  PrackTimeout = 611,
  H323SetupTimeout = 612,
  H323ProceedingTimeout = 613,
  H323AlertingTimeout = 614,
  H245KeepaliveTimeout = 615,
  AuthTimeout = 616,
  TransferTimeout = 617,
  NoTimerProbeFailed = 618,

  // media
  MediaTimeout = 701,
  MediaFirstPacketTimeout = 702,
  MediaHoldTimeout = 703,
  CodecMismatch = 704,
  SdpInvalid = 705,
  MediaAddressInvalid = 706,
  SrtpRequired = 707,
  T38Refused = 708,
  ReinviteFailed = 709,
  MediaRelayLost = 710,

  // security
  Unregistered = 801,
  AuthenticationFailed = 802,
  AuthenticationSuspended = 803,
  BlackListCaller = 804,
  BlackListCallee = 805,
  WhiteListCallerMissing = 806,
  WhiteListCalleeMissing = 807,
  DynamicBlackMalicious = 808,
  DynamicBlackNoAnswer = 809,
  DynamicBlackConcurrent = 810,
  GeofenceSignal = 811,
  GeofenceSdp = 812,
  GeofenceRtp = 813,
  SourceMismatch = 814,
  ScannerBanned = 815,
  PeerEncryptionRequired = 816,
  IdentityRefused = 817,

  // forwarding
  ForwardLoop = 901,
  ForwardFailed = 902,
  ForwardDenied = 903,
  ForwardBillingRefused = 904,
  TransferFailed = 905,
  TransferDenied = 906,
  PickupDenied = 907,
  ConferenceRefused = 908,

  // protocol
  ProtocolLimit = 1001,
  BadRequest = 1002,
  MethodNotAllowed = 1003,
  UnsupportedExtension = 1004,
  SessionIntervalTooSmall = 1005,
  RequestPending = 1006,
  CallDoesNotExist = 1007,
  TooManyHops = 1008,
  MediaTypeUnsupported = 1009,
  MessageTooLarge = 1010,
  H323DecodeError = 1011,
  DialogStateError = 1012,
  GlareRetriesExhausted = 1013,

  // system
  OperatorRelease = 1101,
  ServerShutdown = 1102,
  ServerRestart = 1103,
  NodeLost = 1104,
  BillingUnavailable = 1105,
  DatabaseError = 1106,
  InternalError = 1107,
  ConfigurationError = 1108,
  NumberServiceUnavailable = 1109,
  DeviceDeleted = 1110,
  Maintenance = 1111,
  StandbyNotActive = 1112,
  ClockJump = 1113,
  IvrNoInput = 1114,
  IvrServiceMissing = 1115,

  // peer
  PeerSip = 2000,
  PeerQ850 = 3000,
  PeerByeReason = 2001,
  PeerConnectionLost = 2002,
  PeerRejectedAll = 2003,
};

enum class Family : std::uint8_t {
  Normal,
  Account,
  Number,
  Routing,
  Limit,
  Timeout,
  Media,
  Security,
  Forwarding,
  Protocol,
  System,
  Peer,
};

// Who ended the call.
enum class Side : std::uint8_t { Caller, Callee, Switch };

std::string_view to_text(Family family);  // "normal", "account", ...
std::string_view to_text(Side side);      // "caller", "callee", "switch"

struct EndReasonRow {
  EndReason reason;
  std::string_view code;  // stable text, "caller_hangup"
  Family family;
  Side side;
  std::uint16_t
      sip_status;  // answer to the caller before answer of the call; 0 = none, or the peer's
  std::uint8_t q850_cause;  // 0 = none of its own: the peer's, or by the table of sip_q850.h
  std::string_view text_en, text_zh, text_es;
  std::string_view when;  // exact trigger

  constexpr int number() const { return static_cast<int>(reason); }
};

// All rows, in the order of the enumeration.
std::span<const EndReasonRow> all_end_reasons();

// The row of a reason; asserts that `reason` is one (not EndReason{}).
const EndReasonRow& row(EndReason reason);

// The row with this code ("peer_sip", not "peer_sip_503"); nullptr when there is none.
const EndReasonRow* find(std::string_view code);

// What is stored in a CDR. `detail` is the SIP status of PeerSip, the Q.850 cause of PeerQ850 and
// (0 = not recorded) of PeerByeReason; other reasons ignore it.
std::string code_of(EndReason reason, int detail);  // "peer_sip_503", "peer_q850_17", "no_route"
int number_of(EndReason reason, int detail);        // 2503, 3017, 401
// The English text with the detail filled in: "Peer answered SIP 503".
std::string text_of(EndReason reason, int detail);

// The inverse of code_of: reason and detail (0 when the code carries none).
struct StoredReason {
  EndReason reason;
  int detail;
  friend bool operator==(const StoredReason&, const StoredReason&) = default;
};
std::optional<StoredReason> parse_code(std::string_view code);

}  // namespace tandem::cause
