package dev.rackhouse.guestsetup;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** What this capability needs of Spring. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GpuGuestSettings.class)
class GuestSetupBeans {}
