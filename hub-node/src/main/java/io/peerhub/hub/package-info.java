/** The node itself: its main, the wiring of its parts in order, and its settings. */
package io.peerhub.hub;
