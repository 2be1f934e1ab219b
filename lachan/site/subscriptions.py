"""The loop: who reacts to what. Read this table to see how nine systems act as one."""

from lachan.core.subscriptions import On

LOOP: tuple[On, ...] = ()
