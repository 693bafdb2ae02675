# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # some of it is for those who source this
# One guest at a time: start, talk to, and end it. Sourced after lib.sh by
# qemu/run and tests/run.
#
# A guest has
#   console  ttyS0  the kernel's messages and nothing else	-> $VM_DIR/console
#   ctl      ttyS1  commands in, verdicts and requests out	<-> two fifos
#   out      ttyS2  what the programs in the guest print	-> $VM_DIR/out
# so that a verdict never depends on what the kernel prints. QMP goes over two
# more fifos; QEMU's trace goes to $VM_DIR/trace.

# ---- what machine files call --------------------------------------------------

# image NAME [SIZE]: a sparse image, new for this boot
image()
{
	truncate -s "${2:-1G}" "$VM_DIR/$1.img"
	echo "$VM_DIR/$1.img"
}

qemu_args()
{
	VM_ARGS+=("$@")
}

# drive ID [SIZE]: a raw image as a drive for -device ...,drive=ID
drive()
{
	qemu_args -drive "file=$(image "$1" "${2:-1G}"),format=raw,if=none,id=$1,discard=unmap"
}

# nvme ID [PROPERTIES [SIZE]]: a controller with one namespace of its own
nvme()
{
	drive "d$1" "${3:-1G}"
	qemu_args -device "nvme,id=$1,serial=$1,drive=d$1${2:+,$2}"
}

# extra NAME: large programs that the guest image does not have (qemu/image knows which)
extra()
{
	VM_EXTRAS+=("$1")
}

# needs_qemu 10: this machine wants a newer QEMU than the kernel's usual one
needs_qemu()
{
	[ "$QEMU" -ge "$1" ] || machine_unfit "needs QEMU $1 or newer, kernel $VM_KERNEL has $QEMU"
}

machine_unfit()
{
	VM_UNFIT=$1
	return 3
}

# A machine whose devices live outside of QEMU defines machine_start (status 1: cannot; before
# QEMU), machine_stop (after it) and machine_ask KIND ARGUMENTS (a request of the guest; the answer
# goes in REPLY). VM_QEMU=7.2 takes that kernel's QEMU whatever kernel runs.

# What in the kernel's messages fails a test.
BAD='WARNING: |BUG: |BUG in |Oops|kernel panic|Kernel panic|Call Trace:|general protection|UBSAN:|KASAN:|KCSAN:'
BAD+='|INFO: task .* blocked|blocked for more than|detected stall|self-detected|soft lockup|hard LOCKUP'
BAD+='|possible circular|possible recursive|inconsistent lock state|suspicious RCU|bad unlock balance'
BAD+='|scheduling while atomic|sleeping function called|refcount_t: |list_(add|del) corruption|kobject: .*error'
BAD+='|tried to (init|add) an|cannot create duplicate|already present!|DMAR: .*(fault|ERROR)|DMAR:\[|DMA-API:'
BAD+='|nobody cared|Disabling IRQ|unreferenced object|objects remaining|page allocation failure|Bad page|bad page'
BAD+='|BUG [a-zA-Z0-9_-]+ \(|pagealloc: |Object already free'
BAD+='|kmemleak: [0-9]+ new suspected|kmemleak: .*disabled|turning off the locking correctness validator'
BAD+='|Unable to handle|stack-protector|unregister_netdevice|ODEBUG|Trying to free|leaked|swiotlb buffer is full'

# ---- QEMU ---------------------------------------------------------------------

# The QEMU that goes with a kernel: what its Debian ships.
qemu_of()
{
	case $(like "$1") in
	6.1) echo 7 ;;
	6.12) echo 10 ;;
	7.2) echo 11 ;;
	esac
}

# Runs from its unpacked packages by its own loader; nothing of it is installed.
qemu_command()	# KERNEL: sets QEMU_CMD, QEMU_ENV
{
	local r libs q data

	r=$(root_of "$1")
	libs=$r/usr/lib/x86_64-linux-gnu
	q=$r
	if [ "$(like "$1")" = 6.12 ]; then
		q=$CACHE/root/qemu-10
		libs=$q/usr/lib/x86_64-linux-gnu:$libs
	fi
	QEMU_CMD=("$r/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$libs"
		"$q/usr/bin/qemu-system-x86_64")
	for data in "$q" "$r"; do
		QEMU_CMD+=(-L "$data/usr/share/qemu" -L "$data/usr/share/seabios"
			-L "$data/usr/lib/ipxe/qemu")
	done
	QEMU_ENV=(QEMU_MODULE_DIR="$q/usr/lib/x86_64-linux-gnu/qemu")
}

# ---- what the guest is given ----------------------------------------------------

# build_for KERNEL: the modules and the small programs that guests run
build_for()
{
	local log=$CACHE/logs/$1/build.log

	mkdir -p "$CACHE/logs/$1"
	if [ "$DRIVER" = nvme ]; then
		[ ! -x "$TOP/tools/build" ] || "$TOP/tools/build" "$1" >"$log" 2>&1 || true
	else
		"$TOP/tools/build" "$1" >"$log" 2>&1 || {
			grep -E 'error|Error|undefined|\*\*\*' "$log" | head -n 30 | sed 's/^/#   /'
			echo "#   log: ${log#"$TOP"/}"
			return 1
		}
	fi
	if [ -x "$TOP/tests/programs/build" ]; then
		"$TOP/tests/programs/build" "$CACHE/build/programs" >>"$log" 2>&1 || {
			tail -n 30 "$log" | sed 's/^/#   /'
			return 1
		}
	fi
}

# guest_tree: the second archive of the guest that vm_prepare has described: init, the
# tests, the modules, small programs.
guest_tree()
{
	local f g=$VM_DIR/guest

	mkdir -p "$g/lab/modules" "$g/lab/bin"
	cp "$TOP/qemu/guest/init" "$g/init"
	chmod 755 "$g/init"
	cp "$TOP/qemu/guest/"{demo,shrc,udhcpc} "$g/lab/"
	chmod 755 "$g/lab/udhcpc"
	cp -r "${TESTS:-$TOP/tests/guest}" "$g/lab/tests"
	rm -f "$g/lab/tests/lib.sh"
	cp "$TOP/tests/guest/lib.sh" "$g/lab/lib.sh"
	printf 'export DRIVER=%s KERNEL=%s SLOW=%s MACHINE=%s QEMU=%s NET=%s\n' "$DRIVER" "$(like "$VM_KERNEL")" \
		"$(slowness "$VM_KERNEL")" "$VM_MACHINE" "$QEMU" "${NET-}" >"$g/lab/env"
	for f in "$CACHE/build/$VM_KERNEL"/*.ko; do
		[ -e "$f" ] || continue
		[ "$DRIVER" != nvme ] || [ "${f##*/}" != nvmq.ko ] || continue
		strip --strip-debug -o "$g/lab/modules/${f##*/}" "$f"
	done
	for f in "$CACHE/build/programs"/* "$TOP"/tools/*; do
		[ ! -f "$f" ] || [ ! -x "$f" ] || cp "$f" "$g/lab/bin/"
	done
}

# ---- start and end ------------------------------------------------------------

VM_PID=

# vm_prepare KERNEL MACHINE DIR: reads the machine file. Status 3 with VM_UNFIT
# set when this kernel's QEMU cannot be that machine.
vm_prepare()
{
	VM_KERNEL=$1 VM_MACHINE=$2 VM_DIR=$3
	VM_ARGS=() VM_EXTRAS=() VM_APPEND='' VM_MEM=1G VM_TYPE=q35 VM_BOOT=vmlinux VM_REBOOT='' VM_UNFIT='' VM_QEMU=''
	# KASAN's shadow, kmemleak's objects, and what was freed and is kept for a while. By its PVH entry
	# it would call what KASAN watches before there is a shadow.
	[ "$1" != debug ] || VM_MEM=2G VM_BOOT=bzImage VM_APPEND='dma_debug_entries=262144 stack_depot_max_pools=16384'
	# taken from the command line by qemu/run
	VM_CPUS=${VM_CPUS_WANTED:-}
	QEMU=$(qemu_of "$1")
	[ -e "$TOP/qemu/machines/$2" ] || die "no such machine: $2 (see qemu/machines)"
	rm -rf "$VM_DIR"
	mkdir -p "$VM_DIR"
	unset -f machine_start machine_stop machine_ask
	# shellcheck source=/dev/null
	. "$TOP/qemu/machines/$2" || return 3
	VM_CPUS=${VM_CPUS:-2}
}

# the base image, what the machine wants besides, and the guest tree as the last archive
vm_initrd()
{
	local base x

	base=$("$TOP/qemu/image" "$VM_KERNEL") || return 1
	cp "$base" "$VM_DIR/initrd"
	# archives start at multiples of four bytes
	truncate -s %4 "$VM_DIR/initrd"
	for x in "${VM_EXTRAS[@]}"; do
		base=$("$TOP/qemu/image" "$VM_KERNEL" "$x") || return 1
		cat "$base" >>"$VM_DIR/initrd"
		truncate -s %4 "$VM_DIR/initrd"
	done
	(cd "$VM_DIR/guest" && find . -print0 | cpio -o -0 -H newc -R 0:0 --quiet) >>"$VM_DIR/initrd"
}

# vm_lock: one run at a time in a checkout. Who holds it for several guests sets VM_LOCKED.
vm_lock()
{
	exec 5>"$CACHE/vm.lock"
	flock -n 5 && return 0
	say "waiting for another guest to end"
	# by a child, in the order of those who wait: a signal is heard meanwhile
	flock 5 &
	VM_WAITER=$!
	wait $VM_WAITER || return 1
	VM_WAITER=
}

# vm_start SECONDS: status 1 when QEMU does not start. The guest's life
# ends with this shell's, however that ends, and after SECONDS at the latest.
vm_start()
{
	local k=$CACHE/kernels/$VM_KERNEL f serial=(-serial "file:$VM_DIR/console")

	vm_initrd || return 1
	[ -n "${VM_LOCKED-}" ] || vm_lock || return 1
	for f in ctl qmp; do
		mkfifo "$VM_DIR/$f.in" "$VM_DIR/$f.out"
	done
	: >"$VM_DIR/console"
	: >"$VM_DIR/out"
	: >"$VM_DIR/trace"
	qemu_command "${VM_QEMU:-$VM_KERNEL}"
	if declare -F machine_start >/dev/null && ! machine_start; then
		exec 5>&-
		return 1
	fi
	[ -z "${VM_STDIO-}" ] || serial=(-chardev "stdio,id=con,mux=on,signal=off,logfile=$VM_DIR/console"
		-serial chardev:con -mon "chardev=con,mode=readline")
	# shellcheck disable=SC2054 # commas are QEMU's
	VM_REAL=("${QEMU_CMD[@]}"
		-name "nvmq-$VM_KERNEL-$VM_MACHINE" -M "$VM_TYPE" -accel "${VM_ACCEL:-tcg}" -cpu "${VM_CPU:-max,la57=off}"
		-m "$VM_MEM" -smp "$VM_CPUS" -nodefaults -no-user-config -display none
		-kernel "$k/$VM_BOOT" -initrd "$VM_DIR/initrd"
		-append "console=ttyS0 rdinit=/init panic=-1 oops=panic no_timer_check quiet cryptomgr.notests=1 audit=0 apparmor=0 mitigations=off rcupdate.rcu_cpu_stall_timeout=120 watchdog_thresh=60 nvmq.machine=$VM_MACHINE $VM_APPEND ${APPEND-}"
		"${serial[@]}"
		-chardev "pipe,id=ctl,path=$VM_DIR/ctl" -serial chardev:ctl
		-chardev "file,id=out,path=$VM_DIR/out" -device isa-serial,index=2,irq=5,chardev=out
		-chardev "pipe,id=qmp,path=$VM_DIR/qmp" -mon chardev=qmp,mode=control
		-D "$VM_DIR/trace" -trace enable=pci_nvme_mmio_shutdown_set
		"${VM_ARGS[@]}")
	[ -n "$VM_REBOOT" ] || VM_REAL+=(-no-reboot)
	printf '%q ' env "${QEMU_ENV[@]}" "${VM_REAL[@]}" >"$VM_DIR/command"
	vm_launch "$1"
	VM_LIFE=$1 VM_LATER='' VM_PART=''
	# both ends of each fifo, so that no open blocks and no end is ever lost
	exec {VM_TO}<>"$VM_DIR/ctl.in" {VM_FROM}<>"$VM_DIR/ctl.out" \
		{QMP_TO}<>"$VM_DIR/qmp.in" {QMP_FROM}<>"$VM_DIR/qmp.out"
	QMP_READY=
	return 0
}

vm_launch()	# SECONDS
{
	if [ -n "${VM_STDIO-}" ]; then
		env "${QEMU_ENV[@]}" timeout --foreground -k 5 "$1" \
			setpriv --pdeathsig KILL "${VM_REAL[@]}" 2>"$VM_DIR/stderr" <&0 &
	else
		env "${QEMU_ENV[@]}" setpriv --pdeathsig TERM timeout -k 5 "$1" \
			setpriv --pdeathsig KILL "${VM_REAL[@]}" >"$VM_DIR/stderr" 2>&1 </dev/null &
	fi
	VM_PID=$!
}

# vm_kill: end QEMU in the middle of whatever it does, and start it again on the same images.
# Its messages begin anew.
vm_kill()
{
	kill -KILL "$VM_PID"
	wait "$VM_PID" 2>/dev/null
	# QEMU dies with its parent, and lets go of the images
	sleep 1
	while read -r -t 0.1 -u "$VM_FROM" _; do
		:
	done
	VM_LATER='' VM_PART='' QMP_READY=
	vm_launch "$VM_LIFE"
}

vm_alive()
{
	[ -n "$VM_PID" ] && kill -0 "$VM_PID" 2>/dev/null
}

# QEMU's main loop may sleep too long. A processor that stops a controller, or has it empty a disk's
# cache, waits in its own thread for QEMU's block layer, and takes there what should have told the main
# loop that a timer was set. When the processors halt before another one is set, nothing happens any
# more: seen with QEMU 7.2 on a busy machine, once in some hundred unloads. Any command to QEMU wakes it,
# and the guest goes on. Nobody waits for the answer, which may be late: qmp() passes it over.
vm_nudge()
{
	local line

	if [ -z "$QMP_READY" ]; then
		qmp '{"execute":"query-status"}' || true
		return
	fi
	printf '{"execute":"query-status","id":"nudge"}\n' >&"$QMP_TO"
	while read -r -t 0.05 -u "$QMP_FROM" line; do
		printf '%s\n' "$line" >>"$VM_DIR/qmp.log"
	done
}

# vm_read SECONDS: a line of the guest in REPLY; 1 when the time is over, 2 when
# the guest is gone
vm_read()
{
	local end=$((SECONDS + $1))

	while :; do
		if read -r -t 1 -u "$VM_FROM" REPLY; then
			REPLY=$VM_PART${REPLY%$'\r'}
			VM_PART=
			return 0
		fi
		# a line may come in two pieces
		VM_PART+=$REPLY
		vm_nudge
		if ! vm_alive; then
			# what it said before it went
			read -r -t 0.1 -u "$VM_FROM" REPLY || return 2
			REPLY=$VM_PART${REPLY%$'\r'}
			VM_PART=
			return 0
		fi
		[ $SECONDS -lt $end ] || return 1
	done
}

vm_send()
{
	printf '%s\n' "$*" >&"$VM_TO"
}

# vm_wait SECONDS: until QEMU has ended by itself
vm_wait()
{
	local end=$((SECONDS + $1))

	while vm_alive; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

vm_stop()
{
	[ -z "${VM_WAITER-}" ] || kill "$VM_WAITER" 2>/dev/null
	VM_WAITER=
	[ -n "$VM_PID" ] || return 0
	if vm_alive; then
		kill -TERM "$VM_PID" 2>/dev/null || true
		vm_wait 8 || true
	fi
	wait "$VM_PID" 2>/dev/null || true
	! declare -F machine_stop >/dev/null || machine_stop
	VM_PID=
	exec {VM_TO}>&- {VM_FROM}>&- {QMP_TO}>&- {QMP_FROM}>&- 5>&-
	rm -rf "$VM_DIR"/*.img "$VM_DIR/guest" "$VM_DIR/initrd" "$VM_DIR"/*.in "$VM_DIR"/*.out
}

# ---- QMP ----------------------------------------------------------------------

# qmp JSON: the answer in REPLY; 1 if it is an error or does not come
qmp()
{
	local end part=''

	if [ -z "$QMP_READY" ]; then
		QMP_READY=1
		qmp '{"execute":"qmp_capabilities"}' || return 1
	fi
	printf '%s\n' "$1" >&"$QMP_TO"
	end=$((SECONDS + 20))
	while [ $SECONDS -lt $end ]; do
		if read -r -t 1 -u "$QMP_FROM" REPLY; then
			REPLY=$part${REPLY%$'\r'}
			part=
			printf '%s\n' "$REPLY" >>"$VM_DIR/qmp.log"
			case $REPLY in
			*'"id": "nudge"'*) ;;
			'{"return"'*) return 0 ;;
			'{"error"'*) return 1 ;;
			esac
		else
			part+=$REPLY
			vm_alive || break
		fi
	done
	REPLY='{"error": "no answer"}'
	return 1
}

# hmp COMMAND
hmp()
{
	local c=${1//\\/\\\\}

	qmp "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"${c//\"/\\\"}\"}}"
}

# ---- requests of the guest ------------------------------------------------------

# vm_request LINE: "@ask KIND ARGS", answered with "0 text" or "1 text"
vm_request()
{
	local kind args rc=0 out=''

	read -r _ kind args <<<"$1"
	case $kind in
	qmp)
		qmp "$args" || rc=1
		out=$REPLY
		;;
	hmp)
		hmp "$args" || rc=1
		out=$REPLY
		;;
	later)
		read -r out args <<<"$args"
		VM_LATER+="$((SECONDS + out)) $args"$'\n'
		out=
		;;
	trace-on)
		for out in $args; do
			qmp "{\"execute\":\"trace-event-set-state\",\"arguments\":{\"name\":\"$out\",\"enable\":true}}" ||
				rc=1
			case " ${VM_TRACES-} " in
			*" $out "*) ;;
			*) VM_TRACES="${VM_TRACES-} $out" ;;
			esac
		done
		out=$REPLY
		VM_TRACE_AT=$(($(wc -l <"$VM_DIR/trace") + 1))
		;;
	trace-mark)
		VM_TRACE_AT=$(($(wc -l <"$VM_DIR/trace") + 1))
		;;
	trace-count)
		out=$(tail -n +"${VM_TRACE_AT:-1}" "$VM_DIR/trace" | grep -cE -- "$args") || true
		;;
	trace-get)
		out=$(tail -n +"${VM_TRACE_AT:-1}" "$VM_DIR/trace" | grep -E -- "$args" | tail -n 1) || true
		;;
	*)
		REPLY="unknown request: $kind"
		if ! declare -F machine_ask >/dev/null || ! machine_ask "$kind" "$args"; then
			rc=1
		fi
		out=$REPLY
		;;
	esac
	vm_send "$rc ${out//$'\n'/ }"
}

# events that a test switched on stay on no longer than the test
vm_traces_off()
{
	local t

	for t in ${VM_TRACES-}; do
		qmp "{\"execute\":\"trace-event-set-state\",\"arguments\":{\"name\":\"$t\",\"enable\":false}}" ||
			true
	done
	VM_TRACES=
}

# what the guest asked for with a delay: "SECOND KIND ARGS", one per line
VM_LATER=

vm_later()
{
	local at rest keep=''

	while read -r at rest; do
		[ -n "$at" ] || continue
		if [ $SECONDS -lt "$at" ]; then
			keep+="$at $rest"$'\n'
		else
					case $rest in
			"qmp "*) qmp "${rest#qmp }" || true ;;
			"hmp "*) hmp "${rest#hmp }" || true ;;
			esac
		fi
	done <<<"$VM_LATER"
	VM_LATER=$keep
}

# wait_for WORD SECONDS: serves the guest's requests until "@WORD n" comes; the
# number in VALUE. Status 1 too late, 2 guest gone, 3 it goes for a reboot.
wait_for()
{
	local end=$((SECONDS + $2)) rc

	while :; do
		[ -z "$VM_LATER" ] || vm_later
		vm_read 1
		rc=$?
		[ $rc != 2 ] || return 2
		if [ $rc = 1 ]; then
			[ $SECONDS -lt $end ] || return 1
			continue
		fi
		case $REPLY in
		"@$1 "*)
			VALUE=${REPLY#* }
			return 0
			;;
		@ask*) vm_request "$REPLY" ;;
		@reboot) return 3 ;;
		@kill) return 4 ;;
		esac
	done
}
