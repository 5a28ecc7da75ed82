/**
 * whatif as its users meet it: the packed distribution, unpacked in some folder and run by its
 * launcher from another, as a process of its own.
 *
 * <p>These tests run after packaging ({@code mvn verify}); {@link
 * dev.whatif.samples.install.Installation} unpacks what {@code mvn package} left.
 */
package dev.whatif.samples.install;
