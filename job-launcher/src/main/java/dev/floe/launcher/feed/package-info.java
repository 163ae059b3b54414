/** What happened, in order: stored with the change, streamed with resume. */
@NullMarked
package dev.floe.launcher.feed;

import org.jspecify.annotations.NullMarked;
