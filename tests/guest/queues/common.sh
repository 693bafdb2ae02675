# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the queue tests share.
. /lab/tests/io/common.sh

# controller_of DEVICE: nvmeX
controller_of()
{
	_c=$(readlink -f "/sys/block/${1##*/}/device")
	echo "${_c##*/}"
}

# queues_are DEVICE DEFAULT/READ/POLL: in the log, and as many in sysfs
queues_are()
{
	_c=$(controller_of "$1")
	dmesg_has "nvmq $_c: $2 default/read/poll queues" ||
		fail "$_c is not $2: $(dmesg_since | grep "$_c: .* default/read/poll queues" | tail -n 1)"
	_want=$(($(echo "$2" | tr / +)))
	equal "hardware queues of $_c" "$(find "/sys/block/${1##*/}/mq" -mindepth 1 -maxdepth 1 | wc -l)" $_want
}

# all_cpus DEVICE FIRST LAST: these hardware queues serve each CPU once
all_cpus()
{
	_q=$2
	_list=
	while [ "$_q" -le "$3" ]; do
		_list="$_list $(tr -d ',' <"/sys/block/${1##*/}/mq/$_q/cpu_list")"
		_q=$((_q + 1))
	done
	# shellcheck disable=SC2086 # words
	equal "CPUs of queues $2 to $3" "$(printf '%s\n' $_list | sort -n | tr '\n' ' ')" \
		"$(seq 0 $(($(nproc) - 1)) | tr '\n' ' ')"
}

# serves DEVICE [fio options]: it does I/O from each CPU, and the data is right
serves()
{
	_dev=$1
	shift
	for _cpu in $(seq 0 $(($(nproc) - 1))); do
		must taskset -c "$_cpu" dd if=/dev/zero of="$_dev" bs=4k count=1 oflag=direct status=none
	done
	fio_verify "$_dev" --size=4M --iodepth=32 --bsrange=4k-64k "$@"
}
