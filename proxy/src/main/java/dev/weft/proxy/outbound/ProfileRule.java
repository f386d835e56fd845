package dev.weft.proxy.outbound;

import io.netty.util.AsciiString;

/**
 * What is special about a rule that comes from a profile.
 *
 * @param canonical value of {@code l5d-dst-canonical} that its requests get
 * @param meter counts them
 */
record ProfileRule(AsciiString canonical, ProfileMeter meter) {}
