package io.eddy.kafka.status;

import io.eddy.kafka.record.InstanceStatus;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers an MXBean as {@code io.eddy:type=…,instance=…} until it is closed. */
public final class MBeanRegistration implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MBeanRegistration.class);

  private final @Nullable ObjectName name;

  /**
   * Registers a bean. Logs a warning if that fails.
   *
   * @param bean implements an MXBean interface
   */
  public MBeanRegistration(String type, Object bean, InstanceStatus.Id id) {
    name = register(type, bean, id);
  }

  private static @Nullable ObjectName register(String type, Object bean, InstanceStatus.Id id) {
    try {
      ObjectName name =
          new ObjectName(
              "io.eddy:type=%s,instance=%s".formatted(type, ObjectName.quote(id.instance())));
      ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
      return name;
    } catch (JMException e) {
      log.warn("cannot register the {} MBean: {}", type, e.getMessage());
      return null;
    }
  }

  @Override
  public void close() {
    if (name != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      } catch (JMException e) {
        log.debug("cannot unregister an MBean: {}", e.getMessage());
      }
    }
  }
}
