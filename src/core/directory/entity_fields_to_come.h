// Fields that the specification names and that are not built yet (entities.md 1, 2 and 4). Who sets
// one is told so, instead of being told that it is unknown. A field that is built moves to its
// rows.
#pragma once

#include <string_view>

namespace tandem::directory {

inline constexpr std::string_view kAccountFieldsToCome =
    "account balance overdraft_limit rate_deck type category agent phone_book_limit "
    "start_time valid_until canceled today_consumption ctd_billing_type bound_numbers "
    "currency low_balance_threshold tax_percent number_ranges "
    "number_ranges_mode time_zone card_type card_number address post_code contact telephone "
    "fax email email_cc email_bcc company bank report_type";

inline constexpr std::string_view kIngressFieldsToCome =
    "self_service_password call_level node "
    "allowed_protocols h323_callee_source h323_caller_source "
    "dynamic_black_list "
    "rtp_relay media_check media_record transcoding dtmf_inband_contained "
    "dtmf_inband_needed dtmf_receive dtmf_send_sip dtmf_send_h323 dtmf_payload_receive "
    "dtmf_payload_send_sip dtmf_payload_send_h323 "
    "h323_codec_assign h323_codecs h323_g729_mode "
    "adaptive_ptime nat_media_sdp_first sip_t38 "
    "h323_t38 "
    "h323_fast_start h323_tunneling h323_h245_in_setup h323_auto_call_proceeding "
    "h323_call_proceeding_from_trying h323_alerting_from_183 q931_progress_indicator "
    "min_profit_enable min_profit_percent max_second_rate_enable max_second_rate "
    "allow_phone_billing "
    "allow_bound_number_billing enable_phone_setting "
    "geofence_signal geofence_sdp geofence_rtp geofence_ranges identity_policy "
    "call_state_report language enable_call_transfer trace_until";

inline constexpr std::string_view kRegistrationFieldsToCome = "encrypt";

inline constexpr std::string_view kEgressFieldsToCome =
    "self_service_password clearing_account node "
    "protocol encrypt "
    "rtp_relay media_check transcoding "
    "dtmf_inband_contained dtmf_inband_needed dtmf_receive dtmf_send_sip dtmf_send_h323 "
    "dtmf_payload_receive dtmf_payload_send_sip dtmf_payload_send_h323 "
    "h323_codec_assign h323_codecs h323_g729_mode "
    "adaptive_ptime nat_media_sdp_first auxiliary_ring_tone "
    "auxiliary_ring_tone_file sip_t38 h323_t38 "
    "h323_fast_start h323_tunneling h323_h245_in_setup q931_numbering_plan q931_number_type "
    "q931_presentation q931_screening timeout_setup timeout_h323_call_proceeding "
    "timeout_h323_call_proceeding_olc timeout_alerting switch_allow_rtp switch_allow_olc "
    "reserve_lines fee_rate_restrict least_cost_routing min_profit_enable "
    "min_profit_percent max_second_rate_enable max_second_rate clearing_use_callout_number "
    "use_phone_display external_verify_bits "
    "external_verify_plan_caller external_verify_plan_callee geofence_signal geofence_sdp "
    "geofence_rtp geofence_ranges enable_call_transfer trace_until";

inline constexpr std::string_view kPhoneFieldsToCome =
    "self_service_password call_level node protocol "
    "dynamic_black_list "
    "rtp_relay media_check media_record "
    "transcoding dtmf_inband_contained dtmf_inband_needed dtmf_receive dtmf_send_sip "
    "adaptive_ptime nat_media_sdp_first "
    "sip_t38 h323_t38 "
    "min_profit_enable min_profit_percent max_second_rate_enable "
    "max_second_rate "
    "geofence_signal geofence_sdp geofence_rtp geofence_ranges "
    "call_state_report language enable_call_transfer trace_until private_rate_deck "
    "rate_fallback monthly_rent_fee monthly_money_minimum monthly_money_maximum "
    "callee_billing phone_book_limit dids pickup_group caller_id_display call_transfer "
    "do_not_disturb period_forward period_forwards unconditional_forward no_answer_forward "
    "offline_forward busy_forward unconditional_forward_targets no_answer_forward_targets "
    "offline_forward_targets busy_forward_targets call_forward_display "
    "transfer_normal_display transfer_ask_display colour_ring colour_ring_name "
    "colour_ring_passthrough prompt_unable_to_connect prompt_balance_low prompt_remaining "
    "voicemail voicemail_check_password voicemail_max voicemail_expire_days "
    "voicemail_greeting use_caller_phone_display no_billing_to_phone use_egress_when_offline "
    "display_short_number ivr_equipment_type ivr_service_name ivr_callback_billing "
    "ivr_callback_merge ivr_direct_merge ivr_second_billing ivr_second_unanswered_on_access "
    "ivr_second_answered_on_second ivr_verify_card ivr_verify_bound ivr_verify_caller_phone "
    "ivr_verify_access_phone ivr_enable_phone_setting phone_service_report";

}  // namespace tandem::directory
