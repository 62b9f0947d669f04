package io.eddy.stream;

import io.eddy.codec.InstanceStatus;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a catalog over JMX, as {@code io.eddy:type=Models,instance=…}, until it is closed. */
final class ModelsBean implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelsBean.class);

  private final @Nullable ObjectName name;

  ModelsBean(ModelsMXBean models, InstanceStatus.Id id) {
    name = register(models, id);
  }

  private static @Nullable ObjectName register(ModelsMXBean models, InstanceStatus.Id id) {
    try {
      ObjectName name =
          new ObjectName("io.eddy:type=Models,instance=" + ObjectName.quote(id.instance()));
      ManagementFactory.getPlatformMBeanServer().registerMBean(models, name);
      return name;
    } catch (JMException e) {
      log.warn("the models are not shown over JMX: {}", e.getMessage());
      return null;
    }
  }

  @Override
  public void close() {
    if (name != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      } catch (JMException e) {
        log.debug("the models were not shown over JMX: {}", e.getMessage());
      }
    }
  }
}
