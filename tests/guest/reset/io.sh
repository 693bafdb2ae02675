# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# I/O that goes on in the background while a test does something to the controller. Sourced after
# lib.sh by the tests of several subjects.

# io_speed BYTES: how many a second the disk of machine "throttle" does, 0: as it can. At speed
# commands are so quick that most resets find none in flight.
io_speed()
{
	host_qmp "{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/objects/tg0\",\"property\":\"limits\",\"value\":{\"bps-total\":$1}}}" >/run/speed ||
		fail "cannot set the speed: $(cat /run/speed)"
}

# io_start DEVICE [fio options...]: write, read back, compare, again and again, until io_stop
io_start()
{
	rm -f /run/io.stop /run/io.rounds /run/io.failed
	: >/run/io.rounds
	(
		_dev=$1
		shift
		while [ ! -e /run/io.stop ]; do
			fio --name=io --filename="$_dev" --allow_file_create=0 --direct=1 --ioengine=libaio --iodepth=16 \
				--rw=randwrite --bs=4k --size=8M --verify=crc32c --do_verify=1 \
				--verify_fatal=1 --randrepeat=0 --minimal "$@" >/run/io.out 2>&1 || {
					echo "$?" >/run/io.failed
					exit 1
				}
			echo . >>/run/io.rounds
		done
	) &
	io_pid=$!
	until_ok 20 io_moves "$1" || fail "fio does not start"
}

# Has DEVICE done anything since the last time that this was asked?
io_moves()
{
	_now=$(cat "/sys/block/${1##*/}/stat" 2>/dev/null)
	_then=$(cat /run/io.stat 2>/dev/null)
	echo "$_now" >/run/io.stat
	[ "$(echo "$_now" | awk '{ print $5 }')" != "$(echo "$_then" | awk '{ print $5 }')" ] &&
		[ -n "$_then" ]
}

# io_stop: let the round end; fails when a command failed or data differed
io_stop()
{
	touch /run/io.stop
	wait "$io_pid"
	[ ! -e /run/io.failed ] || {
		cat /run/io.out
		fail "fio: status $(cat /run/io.failed)"
	}
	note "fio: $(wc -l </run/io.rounds) rounds verified"
}

# io_fails SECONDS: the disk is gone, so it has to fail, a round that begins now at the latest
io_fails()
{
	until_ok "$1" test -e /run/io.failed || fail "fio goes on with a disk that is gone"
	wait "$io_pid"
}

# resets: how often the controller was reset, by the log
resets()
{
	dmesg_since | grep -c 'live again after'
}
