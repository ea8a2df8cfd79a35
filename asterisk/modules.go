package asterisk

import "slices"

// Modules lists what the switch loads, in order of loading. A node refuses to
// start when one of them does not run.
func Modules() []string { return slices.Clone(modules) }

// Not here on purpose: func_odbc and func_curl decline without their own
// configuration and take app_mixmonitor's load order with them.
var modules = []string{
	// Timing, codecs, formats. Without format_sln calls would go on unrecorded.
	"res_timing_timerfd.so",
	"codec_ulaw.so", "codec_alaw.so", "codec_a_mu.so", "codec_g722.so",
	"codec_resample.so", "codec_gsm.so",
	"codec_opus_open_source.so", "res_format_attr_opus.so",
	"format_wav.so", "format_pcm.so", "format_sln.so", "format_gsm.so",

	// HTTP, WebSocket, crypto, RTP.
	"res_crypto.so", "res_http_websocket.so", "res_websocket_client.so",
	"res_srtp.so", "res_rtp_asterisk.so", "res_rtp_multicast.so",

	// Configuration objects and SIP.
	"res_sorcery_config.so", "res_sorcery_memory.so", "res_sorcery_astdb.so",
	"res_sorcery_memory_cache.so",
	"res_pjproject.so", "res_pjsip.so", "res_pjsip_session.so", "res_pjsip_sdp_rtp.so",
	"res_pjsip_authenticator_digest.so", "res_pjsip_outbound_authenticator_digest.so",
	"res_pjsip_outbound_registration.so",
	"res_pjsip_endpoint_identifier_ip.so", "res_pjsip_endpoint_identifier_user.so",
	"res_pjsip_registrar.so", "res_pjsip_caller_id.so", "res_pjsip_diversion.so",
	"res_pjsip_dtmf_info.so", "res_pjsip_header_funcs.so", "res_pjsip_rfc3326.so",
	"res_pjsip_nat.so", "res_pjsip_pubsub.so", "res_pjsip_refer.so", "res_pjsip_acl.so",
	"res_pjsip_logger.so", "res_pjsip_transport_websocket.so", "chan_pjsip.so",

	// Bridges and media channels. ARI plays and records on bridges through
	// chan_bridge_media; chan_rtp (taps) needs res_rtp_multicast.
	"bridge_simple.so", "bridge_softmix.so", "bridge_holding.so",
	"bridge_native_rtp.so", "bridge_builtin_features.so",
	"chan_bridge_media.so", "chan_rtp.so",
	"res_audiosocket.so", "chan_audiosocket.so", "chan_websocket.so",

	// Stasis and ARI.
	"res_stasis.so", "res_stasis_answer.so", "res_stasis_playback.so",
	"res_stasis_recording.so", "res_stasis_snoop.so", "res_stasis_device_state.so",
	"app_stasis.so",
	"res_ari.so", "res_ari_model.so", "res_ari_applications.so", "res_ari_asterisk.so",
	"res_ari_bridges.so", "res_ari_channels.so", "res_ari_device_states.so",
	"res_ari_endpoints.so", "res_ari_events.so", "res_ari_playbacks.so",
	"res_ari_recordings.so", "res_ari_sounds.so",
	"res_musiconhold.so",

	// Dialplan. app_mixmonitor needs func_periodic_hook, which needs
	// app_chanspy, func_cut, func_groupcount and func_uri.
	"pbx_config.so",
	"app_chanspy.so", "func_cut.so", "func_groupcount.so", "func_uri.so",
	"func_periodic_hook.so", "app_mixmonitor.so",
	"app_dial.so", "app_playback.so", "app_queue.so", "app_record.so",
	"app_playtones.so", "app_stack.so", "app_verbose.so", "app_echo.so", "app_milliwatt.so",
	"func_callerid.so", "func_channel.so", "func_db.so", "func_dialplan.so",
	"func_global.so", "func_hangupcause.so", "func_jitterbuffer.so", "func_logic.so",
	"func_math.so", "func_pjsip_aor.so", "func_pjsip_contact.so", "func_pjsip_endpoint.so",
	"func_strings.so", "func_talkdetect.so", "func_timeout.so", "func_uuid.so", "func_volume.so",
	"res_clioriginate.so", "res_convert.so",
}
