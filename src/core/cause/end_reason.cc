// The rows of the end reasons. Source of docs/reference/end-reasons.md and of every mapping of a
// failed call; the test compares them with test/tables/end-reasons.tsv.
#include "core/cause/end_reason.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.h"

namespace tandem::cause {
namespace {

constexpr auto kEndReasons = std::to_array<EndReasonRow>({
    {EndReason::CallerHangup, "caller_hangup", Family::Normal, Side::Caller, 0, 16,
     "Caller hung up", "主叫挂机", "El llamante colgó",
     "BYE or ReleaseComplete from the calling leg after answer"},
    {EndReason::CalleeHangup, "callee_hangup", Family::Normal, Side::Callee, 0, 16,
     "Callee hung up", "被叫挂机", "El llamado colgó",
     "BYE or ReleaseComplete from the called leg after answer"},
    {EndReason::CallerCancel, "caller_cancel", Family::Normal, Side::Caller, 487, 16,
     "Caller abandoned before answer", "主叫放弃", "El llamante abandonó antes de la respuesta",
     "CANCEL, or ReleaseComplete of an H.323 caller, before answer"},
    {EndReason::TransferCompleted, "transfer_completed", Family::Normal, Side::Switch, 0, 16,
     "Replaced by transfer", "呼叫转移完成", "Reemplazada por transferencia",
     "The leg ended because a transfer connected the other parties; the CDR segment is closed and "
     "a new one opened"},
    {EndReason::PickedUpElsewhere, "picked_up_elsewhere", Family::Normal, Side::Switch, 0, 26,
     "Answered by another phone", "已被代接", "Contestada por otro teléfono",
     "A ringing leg was cancelled because of pickup, or because another target of simultaneous "
     "ringing answered"},
    {EndReason::AudioFinished, "audio_finished", Family::Normal, Side::Switch, 0, 16,
     "Announcement finished", "语音播放结束", "Locución finalizada",
     "A play-audio, alarm or voicemail call ended after its last prompt"},
    {EndReason::CalleeRejected, "callee_rejected", Family::Normal, Side::Callee, 603, 21,
     "Callee declined", "被叫拒接", "El llamado rechazó",
     "Phone of the platform answered 603, or the user pressed reject (no gateway was involved)"},
    {EndReason::AccountNotFound, "account_not_found", Family::Account, Side::Switch, 403, 21,
     "Billing account not found", "账户不存在", "Cuenta no encontrada",
     "No account could be resolved for the source"},
    {EndReason::AccountLocked, "account_locked", Family::Account, Side::Switch, 403, 21,
     "Account locked", "账户锁定", "Cuenta bloqueada", "The paying account has lock_type = locked"},
    {EndReason::AccountExpired, "account_expired", Family::Account, Side::Switch, 403, 21,
     "Account expired", "账户过期", "Cuenta vencida",
     "valid_until of the paying account is in the past"},
    {EndReason::AccountNotYetValid, "account_not_yet_valid", Family::Account, Side::Switch, 403, 21,
     "Account not yet valid", "账户未生效", "Cuenta aún no vigente",
     "start_time of the paying account is in the future"},
    {EndReason::AccountCanceled, "account_canceled", Family::Account, Side::Switch, 403, 21,
     "Account closed", "账户已注销", "Cuenta cancelada", "The paying account is marked as closed"},
    {EndReason::InsufficientBalance, "insufficient_balance", Family::Account, Side::Switch, 402, 21,
     "Insufficient balance", "余额不足", "Saldo insuficiente",
     "balance + overdraft + usable gifts minus reservations does not pay "
     "SERVER_BILLING_MIN_AUTHORISED_TIME"},
    {EndReason::BalanceExhausted, "balance_exhausted", Family::Account, Side::Switch, 0, 21,
     "Balance exhausted during the call", "通话中余额耗尽", "Saldo agotado durante la llamada",
     "A reservation renewal failed and the authorised time of an answered call ran out"},
    {EndReason::AgentAccountLocked, "agent_account_locked", Family::Account, Side::Switch, 403, 21,
     "Agent account locked", "代理商账户锁定", "Cuenta del agente bloqueada",
     "An agent above the paying account is locked, closed or expired"},
    {EndReason::AgentInsufficientBalance, "agent_insufficient_balance", Family::Account,
     Side::Switch, 402, 21, "Agent balance insufficient", "代理商余额不足",
     "Saldo del agente insuficiente",
     "An agent above the paying account cannot pay its own charge"},
    {EndReason::ClearingAccountLocked, "clearing_account_locked", Family::Account, Side::Switch,
     503, 34, "Clearing account locked", "结算账户锁定", "Cuenta de liquidación bloqueada",
     "Every candidate was removed and the last removal was a locked or expired clearing account"},
    {EndReason::ClearingBalanceInsufficient, "clearing_balance_insufficient", Family::Account,
     Side::Switch, 503, 34, "Clearing balance insufficient", "结算账户余额不足",
     "Saldo de liquidación insuficiente",
     "Every candidate was removed and the last removal was a clearing account without credit"},
    {EndReason::RateNotFound, "rate_not_found", Family::Account, Side::Switch, 403, 21,
     "Rate not found", "费率不存在", "Tarifa no encontrada",
     "No rate row of the applicable rate deck matches the callee, or the deck is missing"},
    {EndReason::RateLocked, "rate_locked", Family::Account, Side::Switch, 403, 21,
     "Destination forbidden by rate", "费率前缀禁止", "Destino prohibido por la tarifa",
     "The best matching rate row has lock_type = forbidden"},
    {EndReason::CallLevelDenied, "call_level_denied", Family::Account, Side::Switch, 403, 21,
     "Call level too low", "呼叫权限不足", "Nivel de llamada insuficiente",
     "The type of the rate row ranks above the call level of the device"},
    {EndReason::PhoneMonthlyLimit, "phone_monthly_limit", Family::Account, Side::Switch, 403, 21,
     "Phone monthly limit reached", "话机月消费上限", "Límite mensual del teléfono alcanzado",
     "monthly_money_maximum of the phone is used up"},
    {EndReason::PackageNotUsable, "package_not_usable", Family::Account, Side::Switch, 402, 21,
     "Package cannot pay this call", "套餐不可用", "El paquete no cubre la llamada",
     "Account has no money and no effective package covers the destination or period"},
    {EndReason::CardNotFound, "card_not_found", Family::Account, Side::Switch, 403, 21,
     "Calling card unknown", "电话卡不存在", "Tarjeta desconocida", "PIN is not an active card"},
    {EndReason::CardPasswordWrong, "card_password_wrong", Family::Account, Side::Switch, 403, 21,
     "Calling card password wrong", "电话卡密码错误", "Contraseña de tarjeta incorrecta",
     "SS_IVR_PIN_MAX_RETRY wrong entries"},
    {EndReason::CardExpired, "card_expired", Family::Account, Side::Switch, 403, 21,
     "Calling card expired", "电话卡过期", "Tarjeta vencida", "Card validity is over"},
    {EndReason::CardLocked, "card_locked", Family::Account, Side::Switch, 403, 21,
     "Calling card locked", "电话卡锁定", "Tarjeta bloqueada", "Card is locked or already used up"},
    {EndReason::CardBindLimit, "card_bind_limit", Family::Account, Side::Switch, 403, 21,
     "Bound number limit reached", "绑定号码超限", "Límite de números vinculados",
     "The caller would be bound to a card that already has bind_limit numbers"},
    {EndReason::NoAuthorisedTime, "no_authorised_time", Family::Account, Side::Switch, 402, 21,
     "No authorised time", "无可用通话时长", "Sin tiempo autorizado",
     "Authorised time computed as 0 for a reason other than balance (rate of zero cycle, capped by "
     "monthly limit)"},
    {EndReason::CalleeNotFound, "callee_not_found", Family::Number, Side::Switch, 404, 1,
     "Callee not found", "被叫号码不存在", "Número llamado no encontrado",
     "Callee is no platform number and no egress prefix matches at all"},
    {EndReason::CalleeEmpty, "callee_empty", Family::Number, Side::Switch, 484, 28,
     "Callee number empty", "被叫号码为空", "Número llamado vacío",
     "No digits could be taken from the configured header, or a dial plan produced an empty "
     "number"},
    {EndReason::CallerEmpty, "caller_empty", Family::Number, Side::Switch, 403, 21,
     "Caller number empty", "主叫号码为空", "Número llamante vacío",
     "The device requires a caller number and none was sent"},
    {EndReason::CallerLengthDenied, "caller_length_denied", Family::Number, Side::Switch, 403, 21,
     "Caller number length not allowed", "主叫号码长度不允许", "Longitud del llamante no permitida",
     "Length mask of the ingress gateway"},
    {EndReason::CalleeLengthDenied, "callee_length_denied", Family::Number, Side::Switch, 484, 28,
     "Callee number length not allowed", "被叫号码长度不允许", "Longitud del llamado no permitida",
     "Length mask of the ingress gateway"},
    {EndReason::CallerFormatDenied, "caller_format_denied", Family::Number, Side::Switch, 403, 21,
     "Caller number not in an allowed class", "主叫号码不规范",
     "Clase de número llamante no permitida",
     "Normalisation check: the caller's class (city, mobile, other) is switched off"},
    {EndReason::CalleeFormatDenied, "callee_format_denied", Family::Number, Side::Switch, 484, 28,
     "Callee number not in an allowed class", "被叫号码不规范",
     "Clase de número llamado no permitida",
     "Normalisation check: the callee's class is switched off"},
    {EndReason::CallerPrefixDenied, "caller_prefix_denied", Family::Number, Side::Switch, 403, 21,
     "Caller prefix not allowed", "主叫前缀限制", "Prefijo llamante no permitido",
     "Allow or deny list of caller prefixes on the ingress side"},
    {EndReason::CalleePrefixDenied, "callee_prefix_denied", Family::Number, Side::Switch, 403, 21,
     "Callee prefix not allowed", "被叫前缀限制", "Prefijo llamado no permitido",
     "Allow or deny list of callee prefixes on the ingress side"},
    {EndReason::CallerGroupDenied, "caller_group_denied", Family::Number, Side::Switch, 403, 21,
     "Caller in a forbidden number group", "主叫号码组限制", "Llamante en grupo prohibido",
     "Caller number group rule of gateway or phone"},
    {EndReason::CalleeGroupDenied, "callee_group_denied", Family::Number, Side::Switch, 403, 21,
     "Callee in a forbidden number group", "被叫号码组限制", "Llamado en grupo prohibido",
     "Callee number group rule of gateway or phone"},
    {EndReason::CallerCalleePairDenied, "caller_callee_pair_denied", Family::Number, Side::Switch,
     403, 21, "Caller may not call this callee", "主被叫组合限制",
     "Combinación llamante-llamado no permitida",
     "Every candidate was removed and the last removal was a caller:callee pair rule"},
    {EndReason::CalleeMustBePhone, "callee_must_be_phone", Family::Number, Side::Switch, 404, 1,
     "Callee must be a platform number", "被叫必须是平台话机",
     "El llamado debe ser de la plataforma", "callee_restrict = 1"},
    {EndReason::CalleeMustNotBePhone, "callee_must_not_be_phone", Family::Number, Side::Switch, 403,
     21, "Callee must not be a platform number", "被叫不可为平台话机",
     "El llamado no debe ser de la plataforma", "callee_restrict = 2"},
    {EndReason::SameCityDenied, "same_city_denied", Family::Number, Side::Switch, 403, 21,
     "Same-city call not allowed", "同城呼叫限制", "Llamada en la misma ciudad no permitida",
     "Same-city rule of the ingress gateway"},
    {EndReason::MobileAreaDenied, "mobile_area_denied", Family::Number, Side::Switch, 403, 21,
     "Mobile area not allowed", "手机归属地限制", "Zona móvil no permitida",
     "Mobile-area rule of the ingress gateway"},
    {EndReason::AccountNumberRangeDenied, "account_number_range_denied", Family::Number,
     Side::Switch, 403, 21, "Number outside the account's ranges", "号码超出账户号段",
     "Número fuera de los rangos de la cuenta", "Number section limitation of the account"},
    {EndReason::NumberInvalid, "number_invalid", Family::Number, Side::Switch, 484, 28,
     "Number contains invalid characters", "号码含非法字符", "Número con caracteres no válidos",
     "After stripping, the number holds characters not allowed by SS_PREFIX_LETTERS, or is longer "
     "than 64"},
    {EndReason::DialPlanRejected, "dial_plan_rejected", Family::Number, Side::Switch, 403, 21,
     "Refused by dial plan", "拨号规则拒绝", "Rechazado por el plan de marcación",
     "A dial-plan rule with the target keyword !reject matched"},
    {EndReason::ConvertNotFound, "convert_not_found", Family::Number, Side::Switch, 404, 1,
     "No number transform entry", "号码变换表无匹配", "Sin entrada de transformación",
     "number_transform is required by the device and no row matches"},
    {EndReason::CallerPoolEmpty, "caller_pool_empty", Family::Number, Side::Switch, 503, 34,
     "Caller number pool exhausted", "主叫号码池无可用号码", "Grupo de números llamantes agotado",
     "Every candidate was removed and the last removal was a caller pool without a free number"},
    {EndReason::ExternalVerifyDenied, "external_verify_denied", Family::Number, Side::Switch, 403,
     21, "Refused by external number check", "智能黑名单拒绝", "Rechazado por verificación externa",
     "The external verification service marked the number"},
    {EndReason::GeoNumberChanged, "geo_number_changed", Family::Number, Side::Switch, 410, 22,
     "Number changed", "号码已变更", "Número cambiado",
     "Number section marked as changed; prompt gives the new number"},
    {EndReason::NoAvailableRouter, "no_available_router", Family::Routing, Side::Switch, 503, 34,
     "No available route", "无可用路由", "Sin ruta disponible",
     "Prefix matched but every candidate was filtered out for mixed reasons (VOS3000 "
     "NoAvailableRouter)"},
    {EndReason::RouteGroupDenied, "route_group_denied", Family::Routing, Side::Switch, 403, 21,
     "Gateway group not allowed", "网关群组限制", "Grupo de pasarelas no permitido",
     "Group allow or deny rule removed the last candidate"},
    {EndReason::RouteAllFailed, "route_all_failed", Family::Routing, Side::Switch, 503, 34,
     "All gateways failed", "所有落地网关失败", "Todas las pasarelas fallaron",
     "Candidates were used up and the last attempt gave no usable cause of its own"},
    {EndReason::SwitchLimitReached, "switch_limit_reached", Family::Routing, Side::Switch, 503, 34,
     "Gateway attempt limit reached", "网关切换次数达到上限", "Límite de intentos alcanzado",
     "SS_GATEWAY_SWITCH_LIMIT attempts used and the last attempt gave no usable cause"},
    {EndReason::MinimumProfitNotReached, "minimum_profit_not_reached", Family::Routing,
     Side::Switch, 503, 21, "Minimum profit not reached", "低于最低利润率",
     "Margen mínimo no alcanzado",
     "Last candidate removed by minimum profit of ingress, phone or egress"},
    {EndReason::RateCapExceeded, "rate_cap_exceeded", Family::Routing, Side::Switch, 503, 21,
     "Rate cap exceeded", "超过最高费率限制", "Tarifa máxima superada",
     "Last candidate removed because its cost per second is above max_second_rate"},
    {EndReason::NoCostRate, "no_cost_rate", Family::Routing, Side::Switch, 503, 21,
     "No vendor rate", "结算费率不存在", "Sin tarifa del proveedor",
     "Last candidate removed by rate check before routing (fee_rate_restrict)"},
    {EndReason::CalendarDenied, "calendar_denied", Family::Routing, Side::Switch, 403, 21,
     "Not allowed at this time", "时段限制", "No permitido en este horario",
     "Period or calendar rule removed the last candidate or forbids the ingress device"},
    {EndReason::GatewayLocked, "gateway_locked", Family::Routing, Side::Switch, 403, 21,
     "Gateway locked", "网关锁定", "Pasarela bloqueada",
     "Ingress gateway has lock_type = locked, or the last candidate was locked"},
    {EndReason::GatewayOffline, "gateway_offline", Family::Routing, Side::Switch, 503, 27,
     "Gateway offline", "网关离线", "Pasarela fuera de línea",
     "Last candidate removed because it is not registered or its OPTIONS check failed"},
    {EndReason::RetryAfterBan, "retry_after_ban", Family::Routing, Side::Switch, 503, 42,
     "Gateway resting after Retry-After", "网关因Retry-After禁用",
     "Pasarela en espera por Retry-After", "Last candidate removed by a running Retry-After ban"},
    {EndReason::LrnFailed, "lrn_failed", Family::Routing, Side::Switch, 503, 38, "LRN query failed",
     "LRN查询失败", "Falló la consulta LRN",
     "LRN answer missing or negative and lrn_failure_action = reject"},
    {EndReason::ExternalRedirectFailed, "external_redirect_failed", Family::Routing, Side::Switch,
     503, 38, "External redirect server failed", "外部重定向失败",
     "Falló el servidor de redirección",
     "No usable 3xx and SS_EXTERNAL_REDIRECT_FAILURE_ACTION = reject"},
    {EndReason::ExternalRedirectRejected, "external_redirect_rejected", Family::Routing,
     Side::Switch, 403, 21, "Refused by external redirect server", "外部重定向拒绝",
     "Rechazado por el servidor de redirección",
     "The redirect server answered 4xx-6xx other than 408, 480 and 5xx"},
    {EndReason::CalledNotOnline, "called_not_online", Family::Routing, Side::Switch, 480, 20,
     "Called phone not online", "被叫不在线", "Teléfono llamado fuera de línea",
     "Callee is a platform phone without a valid registration and no forward applies"},
    {EndReason::PhoneLocked, "phone_locked", Family::Routing, Side::Switch, 403, 21, "Phone locked",
     "话机锁定", "Teléfono bloqueado",
     "Lock type of the calling or called phone forbids this direction"},
    {EndReason::CalleeBusy, "callee_busy", Family::Routing, Side::Switch, 486, 17, "Busy", "被叫忙",
     "Ocupado", "Line limit or busy state of the called platform phone without busy forward"},
    {EndReason::DoNotDisturb, "do_not_disturb", Family::Routing, Side::Switch, 486, 17,
     "Do not disturb", "免打扰", "No molestar", "Called phone has do-not-disturb"},
    {EndReason::NodeMismatch, "node_mismatch", Family::Routing, Side::Switch, 503, 34,
     "Device bound to another node", "设备不属于本软交换", "Equipo asignado a otro nodo",
     "Softswitch binding of phone or last candidate"},
    {EndReason::RouteLoop, "route_loop", Family::Routing, Side::Switch, 482, 25, "Route loop",
     "路由环路", "Bucle de rutas", "Loop check found this cluster's own token"},
    {EndReason::PeerRedirectRefused, "peer_redirect_refused", Family::Routing, Side::Switch, 503,
     34, "Redirect not followed", "不支持的重定向", "Redirección no aceptada",
     "3xx of the last gateway while SS_GATEWAY_SWITCH_3XX = reject"},
    {EndReason::ProtectRouteWaitTimeout, "protect_route_wait_timeout", Family::Routing,
     Side::Switch, 503, 34, "Protect route not reached", "保护路由未启用",
     "Ruta de protección no alcanzada",
     "Caller gave up or set-up time ended while waiting for SS_TRY_PROTECT_ROUTE_DELAY"},
    {EndReason::RoutingTagDenied, "routing_tag_denied", Family::Routing, Side::Switch, 403, 21,
     "Routing tags not accepted", "路由标签不符", "Etiquetas de ruta no aceptadas",
     "Last candidate removed by the routing tags it, or a group of it, asks for"},
    {EndReason::IngressCapacity, "ingress_capacity", Family::Limit, Side::Switch, 503, 34,
     "Ingress connection limit exceeded", "对接网关线路超限",
     "Límite de líneas de entrada superado", "Concurrent calls of the ingress gateway at capacity"},
    {EndReason::EgressCapacity, "egress_capacity", Family::Limit, Side::Switch, 503, 34,
     "Egress connection limit exceeded", "落地网关线路超限", "Límite de líneas de salida superado",
     "Last candidate removed because at its capacity or period capacity"},
    {EndReason::GroupCapacity, "group_capacity", Family::Limit, Side::Switch, 503, 34,
     "Gateway group limit exceeded", "网关群组线路超限", "Límite del grupo superado",
     "Group limit or reserved lines"},
    {EndReason::AccountCapacity, "account_capacity", Family::Limit, Side::Switch, 503, 34,
     "Account connection limit exceeded", "账户并发超限", "Límite de la cuenta superado",
     "Concurrent calls of the account (our own account limit)"},
    {EndReason::PhoneLineLimit, "phone_line_limit", Family::Limit, Side::Switch, 486, 17,
     "Phone line limit exceeded", "话机线路超限", "Límite de líneas del teléfono superado",
     "line_call_out, line_call_in or line_capacity of the calling phone"},
    {EndReason::IngressCallRate, "ingress_call_rate", Family::Limit, Side::Switch, 503, 42,
     "Ingress call rate exceeded", "对接网关呼叫速率超限", "Tasa de llamadas de entrada superada",
     "max_call_rate of the ingress gateway"},
    {EndReason::EgressCallRate, "egress_call_rate", Family::Limit, Side::Switch, 503, 42,
     "Egress call rate exceeded", "落地网关呼叫速率超限", "Tasa de llamadas de salida superada",
     "Last candidate removed by max_call_rate"},
    {EndReason::SystemCapacity, "system_capacity", Family::Limit, Side::Switch, 503, 34,
     "System capacity reached", "系统容量已满", "Capacidad del sistema alcanzada",
     "SS_CALL_CAPACITY or licence-like node limit"},
    {EndReason::SystemCallRate, "system_call_rate", Family::Limit, Side::Switch, 503, 42,
     "System call rate exceeded", "系统呼叫速率超限", "Tasa de llamadas del sistema superada",
     "SS_CALL_RATE_LIMIT"},
    {EndReason::Overload, "overload", Family::Limit, Side::Switch, 503, 42, "Switch overloaded",
     "系统过载", "Sistema sobrecargado", "Overload control thinned the call out"},
    {EndReason::MaxCallDuration, "max_call_duration", Family::Limit, Side::Switch, 0, 102,
     "Maximum call duration reached", "达到最长通话时长", "Duración máxima alcanzada",
     "max_call_duration of the device or the system ended an answered call"},
    {EndReason::NoTimerLimit, "no_timer_limit", Family::Limit, Side::Switch, 0, 102,
     "Talk limit without session timer", "无Timer会话时长上限", "Límite sin temporizador de sesión",
     "SS_SIP_NO_TIMER_REINVITE_INTERVAL ended an answered call"},
    {EndReason::TranscodingCapacity, "transcoding_capacity", Family::Limit, Side::Switch, 503, 34,
     "No transcoding capacity", "转码容量不足", "Sin capacidad de transcodificación",
     "SS_MEDIA_TRANSCODING_LIMIT"},
    {EndReason::MediaPortsExhausted, "media_ports_exhausted", Family::Limit, Side::Switch, 503, 47,
     "No media port free", "媒体端口耗尽", "Sin puertos de medios", "No RTP port pair free"},
    {EndReason::ExternalCallLimit, "external_call_limit", Family::Limit, Side::Switch, 503, 34,
     "Connection limit exceeded", "超过连接数限制", "Límite de conexiones superado",
     "Any other concurrent limit (number pool line, card, bound number)"},
    {EndReason::InviteTimeout, "invite_timeout", Family::Timeout, Side::Switch, 408, 102,
     "No answer to INVITE", "Invite超时", "Sin respuesta al INVITE",
     "timeout_invite of the last attempt"},
    {EndReason::ConnectionTimeout, "connection_timeout", Family::Timeout, Side::Switch, 503, 41,
     "No reply after all retransmissions", "连接超时", "Sin respuesta tras retransmisiones",
     "SS_SIP_RESEND_INTERVAL used up, or TCP/TLS connect failed"},
    {EndReason::TryingTimeout, "trying_timeout", Family::Timeout, Side::Switch, 408, 102,
     "No progress after 100", "Trying超时", "Sin progreso tras 100", "timeout_trying"},
    {EndReason::ProgressTimeout, "progress_timeout", Family::Timeout, Side::Switch, 408, 102,
     "No progress after 183", "SessionProgress超时", "Sin progreso tras 183",
     "timeout_session_progress"},
    {EndReason::ProgressSdpTimeout, "progress_sdp_timeout", Family::Timeout, Side::Switch, 480, 19,
     "No answer after 183 with SDP", "SessionProgress(SDP)超时", "Sin respuesta tras 183 con SDP",
     "timeout_session_progress_sdp"},
    {EndReason::RingingTimeout, "ringing_timeout", Family::Timeout, Side::Switch, 480, 19,
     "No answer", "振铃超时", "Sin respuesta",
     "timeout_ringing, or ring time of a phone without a no-answer forward"},
    {EndReason::CallProceedingTimeout, "call_proceeding_timeout", Family::Timeout, Side::Switch,
     408, 102, "Set-up took too long for the ingress gateway", "呼叫接续超时",
     "Establecimiento demasiado largo", "timeout_call_proceeding of the ingress gateway"},
    {EndReason::SetupTimeLimit, "setup_time_limit", Family::Timeout, Side::Switch, 408, 102,
     "Whole set-up time used up", "呼叫建立总时长超时", "Tiempo total de establecimiento agotado",
     "SS_CALL_SETUP_MAX_TIME"},
    {EndReason::SessionTimeout, "session_timeout", Family::Timeout, Side::Switch, 0, 102,
     "Session timeout", "会话超时", "Tiempo de sesión agotado",
     "RFC 4028: refresh failed or the peer did not refresh in time"},
    {EndReason::AckTimeout, "ack_timeout", Family::Timeout, Side::Switch, 0, 102, "No ACK",
     "未收到ACK", "Sin ACK", "No ACK to our 2xx"},
    {EndReason::PrackTimeout, "prack_timeout", Family::Timeout, Side::Switch, 504, 102, "No PRACK",
     "未收到PRACK", "Sin PRACK", "Reliable provisional answer never acknowledged"},
    {EndReason::H323SetupTimeout, "h323_setup_timeout", Family::Timeout, Side::Switch, 408, 102,
     "No reply to Setup", "Setup超时", "Sin respuesta a Setup", "timeout_setup"},
    {EndReason::H323ProceedingTimeout, "h323_proceeding_timeout", Family::Timeout, Side::Switch,
     408, 102, "No progress after CallProceeding", "CallProceeding超时",
     "Sin progreso tras CallProceeding", "timeout_call_proceeding, also with OLC"},
    {EndReason::H323AlertingTimeout, "h323_alerting_timeout", Family::Timeout, Side::Switch, 480,
     19, "No answer after Alerting", "Alerting超时", "Sin respuesta tras Alerting",
     "timeout_alerting"},
    {EndReason::H245KeepaliveTimeout, "h245_keepalive_timeout", Family::Timeout, Side::Switch, 0,
     102, "H.245 keep-alive lost", "H245保活超时", "Keep-alive H.245 perdido",
     "Two round-trip-delay requests unanswered"},
    {EndReason::AuthTimeout, "auth_timeout", Family::Timeout, Side::Switch, 408, 102,
     "Caller did not authenticate in time", "认证超时", "Autenticación fuera de tiempo",
     "SS_SIP_AUTHENTICATION_TIMEOUT passed with an INVITE pending"},
    {EndReason::TransferTimeout, "transfer_timeout", Family::Timeout, Side::Switch, 0, 102,
     "Transfer timed out", "呼叫转移超时", "Transferencia fuera de tiempo",
     "SS_CALL_TRANSFER_HOLD_TIMEOUT and no way back"},
    {EndReason::NoTimerProbeFailed, "no_timer_probe_failed", Family::Timeout, Side::Switch, 0, 102,
     "In-dialog probe failed", "会话探测失败", "Sondeo en diálogo fallido",
     "A probe of a leg without session timer was not answered, or answered 408 or 481"},
    {EndReason::MediaTimeout, "media_timeout", Family::Media, Side::Switch, 0, 41, "Media timeout",
     "媒体中断", "Tiempo de medios agotado", "Supervised direction silent for SS_RTP_TIMEOUT"},
    {EndReason::MediaFirstPacketTimeout, "media_first_packet_timeout", Family::Media, Side::Switch,
     0, 41, "No media after answer", "接通后无媒体", "Sin medios tras la respuesta",
     "SS_RTP_FIRST_PACKET_TIMEOUT"},
    {EndReason::MediaHoldTimeout, "media_hold_timeout", Family::Media, Side::Switch, 0, 41,
     "Hold too long", "保持超时", "Retención demasiado larga", "SS_RTP_HOLD_TIMEOUT"},
    {EndReason::CodecMismatch, "codec_mismatch", Family::Media, Side::Switch, 488, 65,
     "No common codec", "编码不匹配", "Sin códec común",
     "Offer and answer share no codec and transcoding is not allowed"},
    {EndReason::SdpInvalid, "sdp_invalid", Family::Media, Side::Switch, 488, 65,
     "Session description not understood", "SDP错误", "SDP no válido",
     "SDP missing where needed or unparsable"},
    {EndReason::MediaAddressInvalid, "media_address_invalid", Family::Media, Side::Switch, 488, 65,
     "Media address invalid", "媒体地址错误", "Dirección de medios no válida",
     "Media address unusable (0.0.0.0 without hold, unresolvable, wrong family) and relay cannot "
     "help"},
    {EndReason::SrtpRequired, "srtp_required", Family::Media, Side::Switch, 488, 65,
     "Media encryption required", "要求媒体加密", "Se requiere cifrado de medios",
     "SS_SRTP_MODE = required and the peer offers none"},
    {EndReason::T38Refused, "t38_refused", Family::Media, Side::Switch, 0, 65,
     "Fax session refused", "T38协商失败", "Fax T.38 rechazado",
     "Change to T.38 failed and audio could not be kept"},
    {EndReason::ReinviteFailed, "reinvite_failed", Family::Media, Side::Switch, 0, 65,
     "Media renegotiation failed", "媒体重新协商失败", "Renegociación de medios fallida",
     "Mid-call offer could not be completed and no earlier session could be kept"},
    {EndReason::MediaRelayLost, "media_relay_lost", Family::Media, Side::Switch, 0, 41,
     "Media relay lost", "媒体转发服务中断", "Relé de medios perdido",
     "The media process or node that carried the call failed and was not replaced"},
    {EndReason::Unregistered, "unregistered", Family::Security, Side::Switch, 403, 21,
     "Source not registered or unknown", "未注册", "Origen no registrado",
     "Unknown source address and no account by digest (VOS3000 Unregistered)"},
    {EndReason::AuthenticationFailed, "authentication_failed", Family::Security, Side::Switch, 403,
     21, "Authentication failed", "认证失败", "Autenticación fallida",
     "Digest wrong after SS_SIP_AUTHENTICATION_RETRY attempts"},
    {EndReason::AuthenticationSuspended, "authentication_suspended", Family::Security, Side::Switch,
     403, 21, "Terminal suspended after failures", "认证失败被暂停", "Terminal suspendido",
     "Suspension of SS_AUTHENTICATION_FAILED_SUSPEND is running"},
    {EndReason::BlackListCaller, "black_list_caller", Family::Security, Side::Switch, 403, 21,
     "Caller on black list", "主叫黑名单", "Llamante en lista negra", "Static black list group"},
    {EndReason::BlackListCallee, "black_list_callee", Family::Security, Side::Switch, 403, 21,
     "Callee on black list", "被叫黑名单", "Llamado en lista negra", "Static black list group"},
    {EndReason::WhiteListCallerMissing, "white_list_caller_missing", Family::Security, Side::Switch,
     403, 21, "Caller not on white list", "主叫不在白名单", "Llamante fuera de la lista blanca",
     "White list group without a match"},
    {EndReason::WhiteListCalleeMissing, "white_list_callee_missing", Family::Security, Side::Switch,
     403, 21, "Callee not on white list", "被叫不在白名单", "Llamado fuera de la lista blanca",
     "White list group without a match"},
    {EndReason::DynamicBlackMalicious, "dynamic_black_malicious", Family::Security, Side::Switch,
     403, 21, "Caller blocked: too many calls", "恶意呼叫黑名单",
     "Llamante bloqueado por exceso de llamadas", "Dynamic entry of type malicious"},
    {EndReason::DynamicBlackNoAnswer, "dynamic_black_no_answer", Family::Security, Side::Switch,
     403, 21, "Callee blocked: never answers", "无应答黑名单", "Llamado bloqueado por no responder",
     "Dynamic entry of type no_answer"},
    {EndReason::DynamicBlackConcurrent, "dynamic_black_concurrent", Family::Security, Side::Switch,
     403, 21, "Caller blocked: too many parallel calls", "并发黑名单",
     "Llamante bloqueado por concurrencia", "Dynamic entry of type concurrent"},
    {EndReason::GeofenceSignal, "geofence_signal", Family::Security, Side::Switch, 403, 21,
     "Signalling address outside the fence", "信令地址地理围栏拒绝",
     "Dirección de señalización fuera de la geocerca", "Geofence check of the signalling source"},
    {EndReason::GeofenceSdp, "geofence_sdp", Family::Security, Side::Switch, 403, 21,
     "SDP address outside the fence", "SDP地址地理围栏拒绝", "Dirección SDP fuera de la geocerca",
     "Geofence check of a media address in SDP (offer, answer or mid-call)"},
    {EndReason::GeofenceRtp, "geofence_rtp", Family::Security, Side::Switch, 0, 21,
     "Media source outside the fence", "RTP地址地理围栏拒绝", "Origen RTP fuera de la geocerca",
     "Geofence check of the real media source; before answer the caller is answered 403"},
    {EndReason::SourceMismatch, "source_mismatch", Family::Security, Side::Switch, 403, 21,
     "Source port not allowed", "来源端口不符", "Puerto de origen no permitido",
     "Address known but sip_authentication_method = ip_port and the port differs"},
    {EndReason::ScannerBanned, "scanner_banned", Family::Security, Side::Switch, 403, 21,
     "Source address banned", "来源地址被封禁", "Dirección de origen bloqueada",
     "Ban of SS_SCANNER_BAN_TIME; normally nothing is sent"},
    {EndReason::PeerEncryptionRequired, "peer_encryption_required", Family::Security, Side::Switch,
     403, 21, "Encrypted signalling required", "要求信令加密", "Se requiere señalización cifrada",
     "Device demands TLS and the request came in clear"},
    {EndReason::IdentityRefused, "identity_refused", Family::Security, Side::Switch, 438, 21,
     "Caller identity verification failed", "主叫身份验证失败",
     "Falló la verificación de identidad",
     "STIR verification policy of the ingress gateway refuses the call"},
    {EndReason::ForwardLoop, "forward_loop", Family::Forwarding, Side::Switch, 482, 25,
     "Forward loop", "前转环路", "Bucle de desvío",
     "A number comes up twice in the forward chain, or more than SS_CALL_FORWARD_MAX hops"},
    {EndReason::ForwardFailed, "forward_failed", Family::Forwarding, Side::Switch, 480, 18,
     "Forward failed", "前转失败", "Desvío fallido",
     "All forward targets failed and the last one gave no cause"},
    {EndReason::ForwardDenied, "forward_denied", Family::Forwarding, Side::Switch, 403, 21,
     "Forward not allowed", "前转不允许", "Desvío no permitido",
     "Forwarding account or forward prefix rule refuses"},
    {EndReason::ForwardBillingRefused, "forward_billing_refused", Family::Forwarding, Side::Switch,
     402, 21, "Forwarding party cannot pay", "前转计费失败", "El desvío no puede pagarse",
     "The account that pays the forwarded leg has no balance or rate"},
    {EndReason::TransferFailed, "transfer_failed", Family::Forwarding, Side::Switch, 0, 21,
     "Transfer failed", "呼叫转移失败", "Transferencia fallida",
     "Transfer target failed and the original party was gone"},
    {EndReason::TransferDenied, "transfer_denied", Family::Forwarding, Side::Switch, 0, 21,
     "Transfer not allowed", "呼叫转移不允许", "Transferencia no permitida",
     "REFER or access code from a device without call_transfer; the call goes on unless the device "
     "hangs up"},
    {EndReason::PickupDenied, "pickup_denied", Family::Forwarding, Side::Switch, 403, 21,
     "Pickup not possible", "代接失败", "Captura no posible",
     "Nothing to pick up, or no association with the ringing phone"},
    {EndReason::ConferenceRefused, "conference_refused", Family::Forwarding, Side::Switch, 403, 21,
     "Conference not available", "会议不可用", "Conferencia no disponible",
     "Conference unknown, full or PIN wrong"},
    {EndReason::ProtocolLimit, "protocol_limit", Family::Protocol, Side::Switch, 403, 21,
     "Protocol not allowed for this device", "协议限制", "Protocolo no permitido",
     "Device sent SIP where only H.323 is allowed, or the reverse"},
    {EndReason::BadRequest, "bad_request", Family::Protocol, Side::Switch, 400, 95,
     "Message malformed", "信令格式错误", "Mensaje mal formado",
     "A mandatory header is missing or cannot be parsed"},
    {EndReason::MethodNotAllowed, "method_not_allowed", Family::Protocol, Side::Switch, 405, 97,
     "Method not allowed", "方法不支持", "Método no permitido",
     "Request that the switch does not offer on this leg"},
    {EndReason::UnsupportedExtension, "unsupported_extension", Family::Protocol, Side::Switch, 420,
     69, "Required extension not supported", "不支持的扩展", "Extensión no admitida",
     "Require names an option the switch or the device setting does not support"},
    {EndReason::SessionIntervalTooSmall, "session_interval_too_small", Family::Protocol,
     Side::Switch, 422, 31, "Session interval too small", "会话间隔过小",
     "Intervalo de sesión demasiado corto", "Session-Expires below Min-SE"},
    {EndReason::RequestPending, "request_pending", Family::Protocol, Side::Switch, 491, 31,
     "Request pending (glare)", "请求冲突", "Petición en curso",
     "Mid-call only: our own offer is open; the request is refused, the call goes on"},
    {EndReason::CallDoesNotExist, "call_does_not_exist", Family::Protocol, Side::Switch, 481, 101,
     "Dialog does not exist", "会话不存在", "Diálogo inexistente",
     "Request for an unknown dialog; also teardown when a peer answers 481 to a refresh"},
    {EndReason::TooManyHops, "too_many_hops", Family::Protocol, Side::Switch, 483, 25,
     "Too many hops", "跳数过多", "Demasiados saltos", "Max-Forwards 0"},
    {EndReason::MediaTypeUnsupported, "media_type_unsupported", Family::Protocol, Side::Switch, 415,
     79, "Body type not supported", "消息体类型不支持", "Tipo de contenido no admitido",
     "Body is not SDP or another accepted type"},
    {EndReason::MessageTooLarge, "message_too_large", Family::Protocol, Side::Switch, 513, 95,
     "Message too large", "消息过大", "Mensaje demasiado grande",
     "Larger than SS_SIP_MAX_MESSAGE_SIZE"},
    {EndReason::H323DecodeError, "h323_decode_error", Family::Protocol, Side::Switch, 400, 95,
     "H.323 message not decodable", "H323解码错误", "Mensaje H.323 no decodificable",
     "PER or Q.931 decoding failed"},
    {EndReason::DialogStateError, "dialog_state_error", Family::Protocol, Side::Switch, 500, 111,
     "Peer broke the dialog rules", "会话状态错误", "El par violó el diálogo",
     "CSeq lower than before, answer without offer and the like, not curable"},
    {EndReason::GlareRetriesExhausted, "glare_retries_exhausted", Family::Protocol, Side::Switch, 0,
     102, "Refresh refused by glare too often", "冲突重试次数耗尽",
     "Reintentos por colisión agotados",
     "SS_SIP_SESSION_GLARE_MAX_RETRY 491 answers and the interval ended"},
    {EndReason::OperatorRelease, "operator_release", Family::System, Side::Switch, 0, 16,
     "Released by operator or interface", "管理员强制中断", "Liberada por el operador",
     "Forced release from the console or through an interface; before answer the caller gets 480"},
    {EndReason::ServerShutdown, "server_shutdown", Family::System, Side::Switch, 503, 41,
     "Switch stopped", "系统停止", "Sistema detenido", "Ordered stop after SS_STOP_GRACE_TIME"},
    {EndReason::ServerRestart, "server_restart", Family::System, Side::Switch, 0, 41,
     "Call lost by restart", "系统重启导致中断", "Llamada perdida por reinicio",
     "Found in the call log after an unclean restart and not recoverable"},
    {EndReason::NodeLost, "node_lost", Family::System, Side::Switch, 0, 38, "Node lost",
     "软交换断开", "Nodo perdido",
     "The node that held the call is gone and no other node took it over"},
    {EndReason::BillingUnavailable, "billing_unavailable", Family::System, Side::Switch, 503, 41,
     "Billing not reachable", "计费服务器断开", "Facturación no disponible",
     "No billing server and standalone mode not allowed or over"},
    {EndReason::DatabaseError, "database_error", Family::System, Side::Switch, 503, 41,
     "Storage failure", "数据存储错误", "Error de almacenamiento",
     "CDR or ledger log cannot be written; new calls are refused"},
    {EndReason::InternalError, "internal_error", Family::System, Side::Switch, 500, 41,
     "Internal error", "内部错误", "Error interno",
     "Unexpected condition; always logged with details"},
    {EndReason::ConfigurationError, "configuration_error", Family::System, Side::Switch, 500, 38,
     "Configuration error", "配置错误", "Error de configuración",
     "A device refers to a missing object (account, rate deck, pool, group)"},
    {EndReason::NumberServiceUnavailable, "number_service_unavailable", Family::System,
     Side::Switch, 503, 38, "Number service not reachable", "号码服务不可用",
     "Servicio de numeración no disponible",
     "Needed lookup service other than LRN failed and policy is reject"},
    {EndReason::DeviceDeleted, "device_deleted", Family::System, Side::Switch, 0, 31,
     "Device removed during the call", "设备已删除", "Equipo eliminado durante la llamada",
     "Device was deleted or locked with the option to release running calls"},
    {EndReason::Maintenance, "maintenance", Family::System, Side::Switch, 503, 42,
     "Node in maintenance", "系统维护中", "Nodo en mantenimiento",
     "Node is drained; new calls refused"},
    {EndReason::StandbyNotActive, "standby_not_active", Family::System, Side::Switch, 503, 42,
     "Standby machine not active", "备机未启用", "Máquina de reserva no activa",
     "Call arrived at a passive standby"},
    {EndReason::ClockJump, "clock_jump", Family::System, Side::Switch, 0, 41, "Clock changed",
     "系统时钟跳变", "Cambio del reloj",
     "Monotonic and wall clock disagree so far that a call could not be rated; ended and marked "
     "for checking"},
    {EndReason::IvrNoInput, "ivr_no_input", Family::System, Side::Switch, 0, 16,
     "No input to the voice menu", "语音菜单无输入", "Sin entrada en el menú",
     "IVR ended after its last digit time-out"},
    {EndReason::IvrServiceMissing, "ivr_service_missing", Family::System, Side::Switch, 404, 1,
     "Voice service not found", "语音业务不存在", "Servicio de voz no encontrado",
     "ivr_service_name of the device does not exist"},
    {EndReason::PeerSip, "peer_sip", Family::Peer, Side::Callee, 0, 0, "Peer answered SIP NNN",
     "对端返回SIP NNN", "El par respondió SIP NNN",
     "Final SIP answer 300-699 of the deciding attempt; number stored is 2000 + NNN (2300-2699), "
     "code stored is peer_sip_NNN; mapped by sip-q850.tsv for H.323 callers and by the failure "
     "mapping of the ingress gateway"},
    {EndReason::PeerQ850, "peer_q850", Family::Peer, Side::Callee, 0, 0,
     "Peer released with cause N", "对端Q.850原因 N", "El par liberó con causa N",
     "Q.931 cause 1-127 of an H.323 gateway, or Reason: Q.850 of a SIP peer when "
     "prefer_reason_cause is on; number stored is 3000 + N (3001-3127), code stored is "
     "peer_q850_N"},
    {EndReason::PeerByeReason, "peer_bye_reason", Family::Peer, Side::Callee, 0, 16,
     "Peer ended the call with a Reason", "对端携带原因挂断", "El par colgó con motivo",
     "BYE of an answered call whose Reason header is not cause 16; the text is kept in "
     "sip_reason_header and, when recording is on, the number stored is 3000 + cause"},
    {EndReason::PeerConnectionLost, "peer_connection_lost", Family::Peer, Side::Callee, 0, 41,
     "Signalling connection lost", "信令连接断开", "Conexión de señalización perdida",
     "TCP or TLS connection of an H.323 or SIP leg closed and not re-established within 32 s"},
    {EndReason::PeerRejectedAll, "peer_rejected_all", Family::Peer, Side::Callee, 603, 21,
     "All parallel targets refused", "同振目标全部拒绝", "Todos los destinos rechazaron",
     "Simultaneous ringing: every target failed; the best answer by RFC 3261 16.7 is used when "
     "there is one"},
});

constexpr std::size_t kLargestNumber = 3000;
static_assert(kEndReasons.size() < 255, "a position fits in one byte of kPositions");

constexpr std::uint8_t kNoRow = 255;

// The position of each number's row, so that row() is one look-up.
constexpr auto kPositions = [] {
  std::array<std::uint8_t, kLargestNumber + 1> positions{};
  positions.fill(kNoRow);
  for (std::size_t i = 0; i < kEndReasons.size(); ++i)
    positions[static_cast<std::size_t>(kEndReasons[i].reason)] = static_cast<std::uint8_t>(i);
  return positions;
}();

constexpr bool is_ordered_by_family_and_complete() {
  std::size_t listed = 0;
  for (const std::uint8_t position : kPositions) listed += position != kNoRow;
  if (listed != kEndReasons.size()) return false;  // a number stands twice
  return std::is_sorted(kEndReasons.begin(), kEndReasons.end(),
                        [](const auto& a, const auto& b) { return a.family < b.family; });
}
static_assert(is_ordered_by_family_and_complete(),
              "kEndReasons lists every reason once, by family");

constexpr std::string_view kPeerSip = "peer_sip_";
constexpr std::string_view kPeerQ850 = "peer_q850_";

std::optional<int> number_after(std::string_view prefix, std::string_view code) {
  if (!code.starts_with(prefix)) return std::nullopt;
  code.remove_prefix(prefix.size());
  int value = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), value);
  if (error != std::errc{} || end != code.data() + code.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view to_text(Family family) {
  switch (family) {
    case Family::Normal:
      return "normal";
    case Family::Account:
      return "account";
    case Family::Number:
      return "number";
    case Family::Routing:
      return "routing";
    case Family::Limit:
      return "limit";
    case Family::Timeout:
      return "timeout";
    case Family::Media:
      return "media";
    case Family::Security:
      return "security";
    case Family::Forwarding:
      return "forwarding";
    case Family::Protocol:
      return "protocol";
    case Family::System:
      return "system";
    case Family::Peer:
      return "peer";
  }
  TANDEM_ASSERT(false, "a family of no name");
  return {};
}

std::string_view to_text(Side side) {
  switch (side) {
    case Side::Caller:
      return "caller";
    case Side::Callee:
      return "callee";
    case Side::Switch:
      return "switch";
  }
  TANDEM_ASSERT(false, "a side of no name");
  return {};
}

std::span<const EndReasonRow> all_end_reasons() { return kEndReasons; }

const EndReasonRow& row(EndReason reason) {
  const auto number = static_cast<std::size_t>(reason);
  TANDEM_ASSERT(number <= kLargestNumber && kPositions[number] != kNoRow, "not an end reason");
  return kEndReasons[kPositions[number]];
}

const EndReasonRow* find(std::string_view code) {
  const auto found = std::ranges::find(kEndReasons, code, &EndReasonRow::code);
  return found == kEndReasons.end() ? nullptr : &*found;
}

std::string code_of(EndReason reason, int detail) {
  if (reason == EndReason::PeerSip) return std::string(kPeerSip) + std::to_string(detail);
  if (reason == EndReason::PeerQ850) return std::string(kPeerQ850) + std::to_string(detail);
  return std::string(row(reason).code);
}

int number_of(EndReason reason, int detail) {
  if (reason == EndReason::PeerSip) return row(reason).number() + detail;
  if (reason == EndReason::PeerQ850) return row(reason).number() + detail;
  if (reason == EndReason::PeerByeReason && detail > 0)
    return number_of(EndReason::PeerQ850, detail);
  return row(reason).number();
}

std::string text_of(EndReason reason, int detail) {
  if (reason == EndReason::PeerSip) return "Peer answered SIP " + std::to_string(detail);
  if (reason == EndReason::PeerQ850) return "Peer released with cause " + std::to_string(detail);
  return std::string(row(reason).text_en);
}

std::optional<StoredReason> parse_code(std::string_view code) {
  if (const auto status = number_after(kPeerSip, code)) {
    if (*status < 300 || *status > 699) return std::nullopt;
    return StoredReason{EndReason::PeerSip, *status};
  }
  if (const auto cause = number_after(kPeerQ850, code)) {
    if (*cause < 1 || *cause > 127) return std::nullopt;
    return StoredReason{EndReason::PeerQ850, *cause};
  }
  const EndReasonRow* found = find(code);
  if (found == nullptr) return std::nullopt;
  return StoredReason{found->reason, 0};
}

}  // namespace tandem::cause
